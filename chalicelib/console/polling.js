// Asks again and again until something has ended: often at first, then less and less, and not while nobody looks.

const FIRST_MS = 400;
const QUICK_MS = 2_000;
const SLOW_MS = 5_000;
const QUICK_FOR_MS = 30_000;

/** Calls `ask` until it returns true, or the signal says that its screen was left. Errors are for `ask` to catch. */
export async function poll(ask, signal) {
  const since = performance.now();
  while (!signal.aborted && !(await ask())) {
    await untilSeen(signal);
    const waited = performance.now() - since;
    await pause(waited < QUICK_MS ? FIRST_MS : waited < QUICK_FOR_MS ? QUICK_MS : SLOW_MS, signal);
  }
}

export function pause(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}

function untilSeen(signal) {
  if (document.visibilityState === "visible") return null;
  return new Promise((resolve) => {
    document.addEventListener("visibilitychange", resolve, { once: true });
    signal.addEventListener("abort", resolve, { once: true });
  });
}
