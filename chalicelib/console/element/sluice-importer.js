// <sluice-importer src="…"></sluice-importer>: the importer in a page of somebody else.
//
// `src` is the `importer_url` of an import session, which the server of the page has made. `height` (any CSS length, 44rem
// otherwise), `theme` (light or dark, that of the system otherwise) and `locale` (en, de, fr, es) are as the page likes. What
// happens comes as events of the element: ready, opened, previewed, completed, canceled, closed and error, whose `detail`
// has what is told of them.

(() => {
  const EVENTS = new Set(["ready", "opened", "previewed", "completed", "canceled", "closed", "error"]);
  const MAY = "allow-scripts allow-same-origin allow-forms allow-downloads allow-top-navigation-by-user-activation";
  const HEIGHT = "44rem";

  class SluiceImporter extends HTMLElement {
    static observedAttributes = ["src", "height"];
    #frame = null;
    #hear = (message) => this.#heard(message);

    connectedCallback() {
      addEventListener("message", this.#hear);
      this.#open();
    }

    disconnectedCallback() {
      removeEventListener("message", this.#hear);
      this.#frame?.remove();
      this.#frame = null;
    }

    attributeChangedCallback(name) {
      if (!this.isConnected) return;
      if (name === "src") this.#open();
      else this.#resize();
    }

    #open() {
      this.#frame?.remove();
      const given = this.getAttribute("src");
      if (!given) return;
      const address = new URL(given, document.baseURI);
      for (const name of ["locale", "theme"]) if (this.hasAttribute(name)) address.searchParams.set(name, this.getAttribute(name));
      this.#frame = Object.assign(document.createElement("iframe"), { title: "Import", referrerPolicy: "no-referrer", allow: "clipboard-read; clipboard-write" });
      this.#frame.setAttribute("sandbox", MAY);
      this.#resize();
      this.#frame.src = address.href;
      this.append(this.#frame);
    }

    #resize() {
      if (!this.#frame) return;
      const { style } = this.#frame;
      Object.assign(style, { display: "block", width: "100%", border: "0" });
      style.height = HEIGHT;
      style.height = this.getAttribute("height") ?? HEIGHT;
    }

    #heard({ source, origin, data }) {
      if (!this.#frame || source !== this.#frame.contentWindow || origin !== new URL(this.#frame.src).origin) return;
      if (data?.source !== "sluice" || !EVENTS.has(data.event)) return;
      const { source: _, event, ...detail } = data;
      this.dispatchEvent(new CustomEvent(event, { detail }));
    }
  }

  if (!customElements.get("sluice-importer")) customElements.define("sluice-importer", SluiceImporter);
})();
