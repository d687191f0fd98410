// The public API, as the console asks it: JSON with a key, an idempotency key for what is created, and another try where the
// service asks for patience. What is refused is thrown as a Refusal, a lost network as Offline.

const TRIES = 4;
const WAIT_MS = 800;
const PATIENCE = new Set([429, 503]);

export class Refusal extends Error {
  constructor(status, body, retryAfterS) {
    super(body?.message ?? body?.error?.message ?? String(status));
    Object.assign(this, { status, code: body?.code ?? body?.error?.code ?? null, errors: body?.errors ?? [], retryAfterS });
  }
}

/** No answer that a page may read: there is no network, or something between here and there took the request. */
export class Offline extends Error {}

export class Api {
  #kept = new Map();

  constructor(base, session, { onPatience = () => {} } = {}) {
    Object.assign(this, { base, session, onPatience });
  }

  async get(path, query = {}) {
    const asked = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
    const url = path + (asked.length ? `?${new URLSearchParams(asked)}` : "");
    return this.#ask("GET", url);
  }

  async post(path, body, once = crypto.randomUUID()) {
    return this.#ask("POST", path, { body: JSON.stringify(body), headers: { "Content-Type": "application/json", "Idempotency-Key": once } });
  }

  async remove(path) {
    return this.#ask("DELETE", path);
  }

  async #ask(method, path, { body, headers = {} } = {}) {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#send(method, path, body, headers);
      if (!PATIENCE.has(answer.status) || attempt === TRIES) return this.#read(path, answer);
      await this.#waited(answer, attempt);
    }
  }

  async #send(method, path, body, headers) {
    const tag = method === "GET" ? this.#kept.get(path)?.tag : undefined;
    const known = tag ? { "If-None-Match": tag } : {};
    try {
      return await fetch(this.base + path, { method, body, cache: "no-store", headers: { ...headers, ...known, "PX-API-KEY": this.session.key } });
    } catch {
      throw new Offline();
    }
  }

  async #waited(answer, attempt) {
    const seconds = Number(answer.headers.get("Retry-After")) || 0;
    const ms = Math.max(seconds * 1000, WAIT_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));
    this.onPatience(ms / 1000);
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.onPatience(0);
  }

  async #read(path, answer) {
    if (answer.status === 304) return this.#kept.get(path).body;
    const body = await answer.json().catch(() => null);
    if (!answer.ok) throw new Refusal(answer.status, body, Number(answer.headers.get("Retry-After")) || 0);
    const tag = answer.headers.get("ETag");
    if (tag) this.#kept.set(path, { tag, body });
    return body;
  }
}
