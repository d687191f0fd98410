// The key of the person who is signed in: in this tab only, or on this computer where they have asked for it.

const KEY = "sluice-key";

export class Session {
  constructor(tab = sessionStorage, computer = localStorage) {
    Object.assign(this, { tab, computer });
  }

  get key() {
    return this.tab.getItem(KEY) ?? this.computer.getItem(KEY);
  }

  keep(key, { stays }) {
    this.end();
    (stays ? this.computer : this.tab).setItem(KEY, key);
  }

  end() {
    this.tab.removeItem(KEY);
    this.computer.removeItem(KEY);
  }
}

/** A link may carry a key in its fragment, which no server sees. Returns it; it is gone from the address then. */
export function keyFromAddress(address = location, past = history) {
  const given = new URLSearchParams(address.hash.slice(1)).get("key");
  if (given) past.replaceState(null, "", `${address.pathname}${address.search}#/`);
  return given;
}
