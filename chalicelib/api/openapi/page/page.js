"use strict";
/* Draws openapi.json: operations by dialect, their schemas and examples, and a form that sends a request.
   Whatever comes from the document or from an answer becomes text, never markup. */

const here = location.href.replace(/\/docs\/?([?#].*)?$/, "");
const keys = {}; /* by security scheme, in this page only: they are gone when it is closed */
let whole;

const make = (tag, given = {}, ...inside) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "class") made.className = value;
    else if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...inside.flat(Infinity).filter((one) => one !== null && one !== undefined && one !== false));
  return made;
};

/* ---- text -------------------------------------------------------------------------------------------------- */

/* Paragraphs, lists and `code`: all the Markdown that the document has. */
const told = (text) => {
  const blocks = (text || "").split(/\n\n+/).filter(Boolean);
  return blocks.map((block) => block.startsWith("* ")
    ? make("ul", {}, block.slice(2).split(/\n\* /).map((item) => make("li", {}, inline(item))))
    : make("p", {}, inline(block)));
};
const inline = (text) => text.split(/(`[^`]*`)/).map((part) => part.startsWith("`") && part.length > 1
  ? make("code", {}, part.slice(1, -1)) : part.replace(/\n/g, " "));

const TOKENS = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const coloured = (text) => {
  const made = make("pre"); let since = 0;
  for (const found of text.matchAll(TOKENS)) {
    const kind = found[2] ? "name" : found[1] ? "text" : found[3] ? "word" : "number";
    made.append(text.slice(since, found.index), make("span", {class: kind}, found[0]));
    since = found.index + found[0].length;
  }
  made.append(text.slice(since));
  return made;
};
const shown = (value) => typeof value === "string" ? make("pre", {}, value) : coloured(JSON.stringify(value, null, 2));

/* ---- schemas ----------------------------------------------------------------------------------------------- */

const resolved = (schema) => {
  if (!schema.$ref) return schema;
  const {$ref, ...beside} = schema;
  return {...whole.components.schemas[$ref.split("/").pop()], ...beside};
};
const branchesOf = (schema) => (schema.anyOf || schema.oneOf || []).map(resolved);
const typeOf = (schema) => {
  const one = resolved(schema), branches = branchesOf(one);
  if (branches.length) return [...new Set(branches.map(typeOf))].join(" or ");
  if (one.const !== undefined) return JSON.stringify(one.const);
  if (one.type === "array") return `array of ${typeOf(one.items || {})}`;
  return [one.type || "any"].flat().join(" or ");
};
const limitsOf = (schema) => {
  const all = [schema, ...branchesOf(schema)], said = [];
  for (const one of all.map(resolved)) {
    if (one.enum) said.push(one.enum.map((word) => JSON.stringify(word)).join(", "));
    if (one.minimum !== undefined || one.maximum !== undefined) said.push(`${one.minimum ?? "…"} to ${one.maximum ?? "…"}`);
    if (one.minLength || one.maxLength) said.push(`${one.minLength ?? 0} to ${one.maxLength ?? "…"} characters`);
    if (one.minItems) said.push(`at least ${one.minItems}`);
  }
  if (schema.default !== undefined && schema.default !== null) said.push(`default ${JSON.stringify(schema.default)}`);
  return said.join("; ");
};
const fieldsOf = (schema) => {
  const all = [resolved(schema), ...branchesOf(resolved(schema))];
  const holder = all.find((one) => one.properties || (one.items && resolved(one.items).properties)
    || (one.additionalProperties && one.additionalProperties !== true));
  if (!holder) return null;
  if (holder.properties) return holder;
  return holder.items ? resolved(holder.items) : {properties: {"…": holder.additionalProperties}};
};
const tree = (schema, isAsked, depth = 0) => {
  const holder = fieldsOf(schema);
  if (!holder || depth > 5) return null;
  const required = new Set(holder.required || []);
  return make("ul", {class: "tree"}, Object.entries(holder.properties || {}).map(([name, field]) => {
    const one = resolved(field), below = tree(one, isAsked, depth + 1), limits = limitsOf(one);
    const head = [make("code", {}, name), " ", make("span", {class: "type"}, typeOf(one)),
      isAsked && required.has(name) && make("span", {class: "needed"}, "required"),
      !isAsked && !required.has(name) && name !== "…" && make("span", {class: "type"}, ", sometimes")];
    const help = (one.description || limits) && make("span", {class: "help"},
      inline([one.description, limits].filter(Boolean).join(" — ")));
    return make("li", {}, below ? make("details", {}, make("summary", {}, head), help, below) : [head, help]);
  }));
};

/* ---- parts of an operation --------------------------------------------------------------------------------- */

const tabs = (entries, draw) => {
  const below = make("div"), row = make("div", {class: "tabs", role: "tablist"});
  const choose = (number) => {
    [...row.children].forEach((button, at) => button.setAttribute("aria-selected", String(at === number)));
    below.replaceChildren(draw(entries[number][1]));
  };
  entries.forEach(([name], number) => row.append(
    make("button", {type: "button", role: "tab", onclick: () => choose(number)}, name.replaceAll("_", " "))));
  if (entries.length) choose(0);
  return make("div", {}, entries.length > 1 ? row : null, below);
};
const examplesOf = (content) => Object.entries(content.examples || {});
const parametersOf = (operation) => operation.parameters.length === 0 ? null : make("div", {},
  make("h4", {}, "Parameters"), make("table", {}, operation.parameters.map((one) => make("tr", {},
    make("td", {class: "first"}, make("code", {}, one.name), one.required && make("span", {class: "needed"}, "required"),
      make("div", {class: "type"}, `${one.in}, ${typeOf(one.schema)}`)),
    make("td", {}, inline(one.description || ""), make("div", {class: "type"}, limitsOf(one.schema)))))));
const contentOf = (type, content, isAsked = false) => make("div", {},
  make("div", {class: "type"}, type), tree(content.schema || {}, isAsked),
  tabs(examplesOf(content), (example) => make("div", {},
    example.summary && make("p", {class: "faint"}, example.summary), shown(example.value))));
const answersOf = (operation) => make("div", {}, make("h4", {}, "Answers"),
  Object.entries(operation.responses).map(([status, answer]) => make("details", {class: "answer", open: status[0] === "2"},
    make("summary", {}, make("span", {class: `status ${status < "400" ? "ok" : "bad"}`}, status), inline(answer.description)),
    Object.entries(answer.content || {}).map(([type, content]) => contentOf(type, content)),
    Object.keys(answer.headers || {}).length > 0 && make("details", {}, make("summary", {class: "faint"}, "Headers"),
      make("table", {}, Object.entries(answer.headers).map(([name, header]) => make("tr", {},
        make("td", {}, make("code", {}, name)), make("td", {}, header.description),
        make("td", {class: "mono"}, String(header.example)))))))));

/* ---- trying it --------------------------------------------------------------------------------------------- */

const field = (label, input) => make("div", {class: "field"}, make("label", {}, label, input));
const schemeOf = (operation) => Object.keys((operation.security || [])[0] || {})[0];
const keyHeader = (name) => {
  const scheme = whole.components.securitySchemes[name];
  if (scheme.type === "apiKey") return [scheme.name, keys[name]];
  return ["Authorization", scheme.scheme === "basic" ? `Basic ${btoa(keys[name])}` : `Bearer ${keys[name]}`];
};
const keyField = (operation) => {
  const name = schemeOf(operation);
  if (!name) return null;
  const scheme = whole.components.securitySchemes[name];
  const input = make("input", {type: "password", autocomplete: "off", value: keys[name] || "", "data-key": name, oninput: () => {
    keys[name] = input.value;
    document.querySelectorAll(`[data-key="${name}"]`).forEach((other) => { other.value = input.value; });
  }});
  return field(inline(scheme.description || name), input);
};
const request = (method, path, operation, inputs, body) => {
  let full = path; const query = new URLSearchParams(), headers = {};
  for (const [one, input] of inputs) {
    if (one.in === "path") full = full.replace(`{${one.name}}`, encodeURIComponent(input.value));
    else if (input.value === "") continue;
    else if (one.in === "header") headers[one.name] = input.value;
    else if (one.schema.type === "object") new URLSearchParams(input.value).forEach((value, name) => query.append(name, value));
    else query.append(one.name, input.value);
  }
  if (keys[schemeOf(operation)]) { const [name, value] = keyHeader(schemeOf(operation)); headers[name] = value; }
  if (body) headers["Content-Type"] = body.dataset.type;
  const url = here + full + (query.size ? `?${query}` : "");
  return {url, method: method.toUpperCase(), headers, ...(body && {body: body.value})};
};
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const curlOf = ({url, method, headers, body}) => [`curl -s -X ${method} ${quoted(url)}`,
  ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
  ...(body ? [`-d ${quoted(body)}`] : [])].join(" \\\n  ");
const send = async (asked, output) => {
  output.replaceChildren(make("p", {class: "faint"}, "Sending…"));
  try {
    const began = performance.now(), answer = await fetch(asked.url, asked), text = await answer.text();
    let drawn;
    try { drawn = shown(JSON.parse(text)); } catch { drawn = make("pre", {}, text); }
    output.replaceChildren(make("p", {}, make("span", {class: `status ${answer.ok ? "ok" : "bad"}`}, String(answer.status)),
      make("span", {class: "faint"}, `${Math.round(performance.now() - began)} ms`)), drawn,
    make("details", {}, make("summary", {class: "faint"}, "Headers"),
      make("pre", {}, [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n"))));
  } catch (error) { output.replaceChildren(make("p", {class: "bad"}, String(error))); }
};
const formOf = (method, path, operation) => {
  const inputs = operation.parameters.map((one) => [one, one.schema.enum
    ? make("select", {}, !one.required && make("option", {value: ""}), one.schema.enum.map((word) =>
      make("option", {value: word, selected: one.required && word === one.example}, word)))
    : make("input", {value: one.required ? one.example : undefined, placeholder: one.schema.type === "object" ? "field=value" : ""})]);
  const [type, content] = Object.entries(operation.requestBody?.content || {})[0] || [];
  const written = content && examplesOf(content)[0]?.[1].value;
  const body = content && make("textarea", {rows: 10, spellcheck: "false", "data-type": type});
  if (body) body.value = typeof written === "string" ? written : JSON.stringify(written, null, 2);
  const output = make("div"), ask = () => request(method, path, operation, inputs, body);
  return make("details", {class: "wide"}, make("summary", {}, make("strong", {}, "Try it")), keyField(operation),
    inputs.map(([one, input]) => field(`${one.name}${one.required ? "" : " (optional)"}`, input)), body && field("Body", body),
    make("div", {class: "row"}, make("button", {class: "main", type: "button", onclick: () => send(ask(), output)}, "Send"),
      make("button", {type: "button", onclick: () => output.replaceChildren(make("pre", {}, curlOf(ask())))}, "curl")), output);
};

/* ---- the page ---------------------------------------------------------------------------------------------- */

const bodyOf = (operation) => !operation.requestBody ? null : make("div", {}, make("h4", {}, "Body"),
  Object.entries(operation.requestBody.content).map(([type, content]) => contentOf(type, content, true)));
const operationOf = (path, method, operation) => {
  const made = make("details", {class: "operation", id: operation.operationId}, make("summary", {},
    make("span", {class: `method ${method}`}, method), make("span", {class: "path"}, path),
    make("span", {class: "what"}, operation.summary)));
  made.words = [path, method, operation.operationId, operation.summary, operation.description, operation.tags,
    operation.parameters.map((one) => one.name), JSON.stringify(operation.requestBody || "")].join(" ").toLowerCase();
  made.addEventListener("toggle", () => {
    if (made.open && made.children.length === 1) made.append(make("div", {class: "inside"},
      make("div", {class: "wide"}, told(operation.description)),
      make("div", {}, parametersOf(operation), bodyOf(operation)), answersOf(operation), formOf(method, path, operation)));
  });
  return made;
};
const resourcesOf = () => [make("h2", {id: "resources"}, "Resources"),
  make("p", {}, "What can be imported, and the fields of each: headers are matched by name or alias, in any case."),
  Object.entries(whole["x-resources"] || {}).map(([name, resource]) => {
    const made = make("details", {class: "operation"}, make("summary", {}, make("span", {class: "path"}, name),
      make("span", {class: "what"}, `${resource.fields.length} fields`)), make("div", {class: "inside"},
      make("p", {class: "wide faint"}, `The same thing by ${resource.identities.join(", ")}.`),
      make("table", {class: "wide"}, make("tr", {}, ["field", "type", "choices, aliases", "example"].map((head) => make("th", {}, head))),
        resource.fields.map((one) => make("tr", {}, make("td", {}, make("code", {}, one.name),
          one.required && make("span", {class: "needed"}, "required"), one.read_only && make("span", {class: "type"}, " shown only")),
        make("td", {class: "type"}, one.type),
        make("td", {}, (one.choices || []).join(", "), make("div", {class: "type"}, (one.aliases || []).join(", "))),
        make("td", {class: "mono"}, one.example || ""))))));
    made.words = `${name} ${JSON.stringify(resource)}`.toLowerCase();
    return made;
  })];
const open = (id) => {
  const wanted = document.getElementById(id);
  if (wanted?.tagName === "DETAILS") wanted.open = true;
  wanted?.scrollIntoView();
};
const draw = () => {
  const sections = whole.tags.map((tag) => {
    const found = Object.entries(whole.paths).flatMap(([path, methods]) => Object.entries(methods)
      .filter(([, operation]) => operation.tags.includes(tag.name))
      .map(([method, operation]) => [path, method, {parameters: [], ...operation}]));
    return [tag, found, make("section", {}, make("h2", {id: tag.name}, tag.name), told(tag.description),
      found.map((one) => operationOf(...one)))];
  });
  document.getElementById("index").replaceChildren(...sections.flatMap(([tag, found]) => [make("h4", {}, tag.name),
    ...found.map(([, method, operation]) => make("a", {href: `#${operation.operationId}`, "data-of": operation.operationId},
      make("span", {class: `method ${method}`}, method), operation.summary))]),
  make("h4", {}, "Catalogue"), make("a", {href: "#resources"}, "Resources and their fields"));
  document.getElementById("main").replaceChildren(make("h2", {}, `${whole.info.title} ${whole.info.version}`),
    ...told(whole.info.description), make("p", {}, make("a", {href: "openapi.json"}, "openapi.json"), " is this page for programs."),
    ...sections.map(([, , section]) => section), ...resourcesOf().flat());
  if (location.hash) open(location.hash.slice(1));
};
const narrow = (words) => {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  for (const one of document.querySelectorAll("details.operation")) {
    const fits = wanted.every((word) => one.words.includes(word));
    one.classList.toggle("empty", !fits);
    document.querySelector(`[data-of="${one.id}"]`)?.classList.toggle("empty", !fits);
  }
  for (const section of document.querySelectorAll("section")) {
    section.classList.toggle("empty", !section.querySelector("details.operation:not(.empty)"));
  }
};

const theme = (dark) => document.documentElement.classList.toggle("dark", dark);
theme(matchMedia("(prefers-color-scheme: dark)").matches);
document.getElementById("theme").addEventListener("click", () => theme(!document.documentElement.classList.contains("dark")));
document.getElementById("search").addEventListener("input", (event) => narrow(event.target.value));
addEventListener("hashchange", () => open(location.hash.slice(1)));
addEventListener("keydown", (event) => {
  if (event.key === "/" && !/INPUT|TEXTAREA|SELECT/.test(event.target.tagName)) {
    event.preventDefault(); document.getElementById("search").focus();
  }
});
fetch("openapi.json").then((answer) => answer.json()).then((found) => { whole = found; draw(); })
  .catch((error) => document.getElementById("main").replaceChildren(make("p", {class: "bad"}, String(error))));
