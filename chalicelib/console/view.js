// Elements from descriptions, updated in place: what stays keeps its node, and so its focus, caret and scroll.
//
//   h("li", { key: row.id, class: "failed", onClick: mend }, row.name)    describes
//   render(h(Screen, { state }), document.body)                           makes it so, again and again
//
// The signatures are Preact's. A component is a function of its properties; state lies outside of it. Text is always
// text: nothing here reads HTML, so that the policy `require-trusted-types-for 'script'` holds.

const RENDERED = Symbol("children as last rendered");
const ARRIVALS = []; // calls of `ref`, made when everything is in the document
const SVG = "http://www.w3.org/2000/svg";
const SVG_TAGS = new Set(["svg", "path", "circle"]);

export function h(type, props, ...children) {
  return { type, props: props ?? {}, key: props?.key, children: children.flat(Infinity).filter(isShown).map(toNode) };
}

export function render(wanted, parent) {
  const nodes = [wanted].flat(Infinity).filter(isShown).map(toNode).flatMap(resolved);
  parent[RENDERED] = matched(parent, parent[RENDERED] ?? [], nodes);
  for (const arrive of ARRIVALS.splice(0)) arrive();
}

function isShown(one) {
  return one !== null && one !== undefined && one !== false && one !== true;
}

function toNode(one) {
  return typeof one === "object" ? one : { type: "#text", props: {}, children: [], text: String(one) };
}

/** Components are called until only elements and texts are left; one may return a list, or nothing. */
function resolved(node) {
  if (typeof node.type !== "function") return [{ ...node, children: node.children.flatMap(resolved) }];
  const made = node.type({ ...node.props, children: node.children });
  const nodes = [made].flat(Infinity).filter(isShown).map(toNode);
  return nodes.map((one) => (nodes.length === 1 && one.key === undefined ? { ...one, key: node.key } : one)).flatMap(resolved);
}

function matched(parent, before, wanted) {
  const free = new Map();
  for (const one of before) free.set(named(one), [...(free.get(named(one)) ?? []), one]);
  const kept = wanted.map((one) => updated(one, free.get(named(one))?.shift()));
  for (const left of free.values()) for (const one of left) one.dom.remove();
  kept.forEach((one, at) => {
    if (parent.childNodes[at] !== one.dom) place(parent, one.dom, parent.childNodes[at] ?? null);
  });
  return kept;
}

function named(one) {
  return `${one.type} ${one.key ?? ""}`;
}

/** A node that only moves keeps its focus where the browser can do that (moveBefore). */
function place(parent, dom, next) {
  if (parent.moveBefore && dom.parentNode === parent) parent.moveBefore(dom, next);
  else parent.insertBefore(dom, next);
}

function updated(one, before) {
  const dom = before?.dom ?? created(one.type);
  if (one.type === "#text") {
    if (dom.data !== one.text) dom.data = one.text;
    return { ...one, dom };
  }
  const children = one.props.opaque ? [] : matched(dom, before?.children ?? [], one.children);
  for (const name in { ...before?.props, ...one.props }) {
    const isLive = name === "value" || name === "checked";
    if (isLive || before?.props[name] !== one.props[name]) put(dom, name, one.props[name]);
  }
  return { ...one, dom, children };
}

function created(type) {
  if (type === "#text") return document.createTextNode("");
  return SVG_TAGS.has(type) ? document.createElementNS(SVG, type) : document.createElement(type);
}

function put(dom, name, value) {
  if (name === "key" || name === "opaque") return;
  if (name === "ref") ARRIVALS.push(() => value?.(dom));
  else if (name === "style") for (const [property, to] of Object.entries(value ?? {})) dom.style.setProperty(property, to);
  else if (name.startsWith("on")) dom[name.toLowerCase()] = value ?? null;
  else if (isAttribute(dom, name)) putAttribute(dom, name, value);
  else if (dom[name] !== value) dom[name] = value ?? "";
}

function isAttribute(dom, name) {
  // Elements say −1 of their tab index also where they have none, and cannot be focused.
  return name === "class" || name === "list" || name === "tabIndex" || name.includes("-") || dom.namespaceURI === SVG || !(name in dom);
}

function putAttribute(dom, name, value) {
  if (value === undefined || value === null || value === false) dom.removeAttribute(name);
  else dom.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : value);
}
