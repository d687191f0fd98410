// Addresses and screens: `#/imports/imp_1/check` is the pattern `/imports/:id/check` with the parameter id.

export function routeOf(hash, routes) {
  const [path, query] = hash.replace(/^#/, "").split("?");
  const given = segmentsOf(path);
  for (const [pattern, screen] of routes) {
    const params = paramsOf(segmentsOf(pattern), given);
    if (params) return { screen, params: { ...params, query: new URLSearchParams(query) } };
  }
  return null;
}

function segmentsOf(path) {
  return path.split("/").filter(Boolean);
}

function paramsOf(wanted, given) {
  if (wanted.length !== given.length) return null;
  const params = {};
  for (const [at, one] of wanted.entries()) {
    if (one.startsWith(":")) params[one.slice(1)] = decoded(given[at]);
    else if (one !== given[at]) return null;
  }
  return params;
}

function decoded(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
