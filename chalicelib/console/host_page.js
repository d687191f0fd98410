// The page that embeds the importer. It is told what happens by messages, to the origin of the session and no other.

export class HostPage {
  #last = new Map();

  constructor(origin, session, here = window) {
    Object.assign(this, { origin, session, here });
  }

  /** Whether the importer stands in a page, and is no page by itself. */
  get isThere() {
    return this.here.parent !== this.here;
  }

  /** Tells what has happened; the same is not told twice in a row. */
  tell(event, facts) {
    const told = JSON.stringify(facts);
    if (!this.isThere || this.#last.get(event) === told) return;
    this.#last.set(event, told);
    this.here.parent.postMessage({ source: "sluice", session: this.session, event, ...facts }, this.origin);
  }
}
