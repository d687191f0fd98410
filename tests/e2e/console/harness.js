// The least that a test in a browser needs: named tests, comparisons, and results for whoever has opened the page.

const results = [];
let last = Promise.resolve();

export function test(name, body) {
  last = last.then(async () => {
    document.body.replaceChildren();
    try {
      await body();
      results.push({ name, error: null });
    } catch (error) {
      results.push({ name, error: String(error.stack ?? error) });
    }
  });
}

export function equal(found, expected, what = "") {
  const [one, other] = [JSON.stringify(found), JSON.stringify(expected)];
  if (one !== other) throw new Error(`${what}\nfound    ${one}\nexpected ${other}`);
}

export const frame = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));

window.finished = async () => {
  await new Promise((resolve) => setTimeout(resolve));
  await last;
  return results;
};
