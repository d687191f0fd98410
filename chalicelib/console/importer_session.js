// What opens an import session: its one-time token at first, and from then on the credential that was given for it, which
// stays in the tab, so that a reload goes on. A browser that keeps nothing for a page in a frame keeps it in the page.

export class ImporterSession {
  #credential = null;
  #token;

  constructor(id, address = location) {
    this.id = id;
    this.#token = /^#(imt_\w+)$/.exec(address.hash)?.[1] ?? "";
    try {
      this.#credential = sessionStorage.getItem(this.#name);
    } catch {
      this.#credential = null;
    }
  }

  get #name() {
    return `sluice-import-session-${this.id}`;
  }

  get hasCredential() {
    return this.#credential !== null;
  }

  get key() {
    return this.#credential ?? this.#token;
  }

  keep(credential) {
    this.#credential = credential;
    try {
      sessionStorage.setItem(this.#name, credential);
    } catch {
      // It is kept in the page alone.
    }
  }

  end() {
    this.#credential = null;
    this.#token = "";
    try {
      sessionStorage.removeItem(this.#name);
    } catch {
      // Nothing was kept there.
    }
  }
}
