// The view helper: what stays keeps its node.

import { h, render } from "/modules/view.js";
import { equal, test } from "./harness.js";

const list = (names) => h("ul", {}, names.map((name) => h("li", { key: name }, name)));

test("texts are texts, whatever they look like", () => {
  render(h("p", { title: "<b>" }, "<img src=x onerror=alert(1)>"), document.body);

  equal(document.querySelectorAll("img").length, 0);
  equal(document.body.textContent, "<img src=x onerror=alert(1)>");
  equal(document.querySelector("p").title, "<b>");
});

test("elements that move keep their nodes and stand in the new order", () => {
  render(list(["a", "b", "c"]), document.body);
  const before = Object.fromEntries([...document.querySelectorAll("li")].map((one) => [one.textContent, one]));
  render(list(["c", "a", "d"]), document.body);
  const after = [...document.querySelectorAll("li")];

  equal(after.map((one) => one.textContent), ["c", "a", "d"]);
  equal([after[0] === before.c, after[1] === before.a, before.b.isConnected], [true, true, false]);
});

test("an input keeps focus, caret and text while what surrounds it changes", () => {
  const view = (count) => h("div", {}, count ? h("p", { key: "p" }, count) : null, h("input", { key: "i" }));
  render(view(0), document.body);
  const input = document.querySelector("input");
  input.focus();
  input.value = "typed";
  input.setSelectionRange(2, 2);
  render(view(1), document.body);

  equal([document.activeElement === input, input.value, input.selectionStart], [true, "typed", 2]);
});

test("a select shows its value although its options come after it", () => {
  render(h("select", { value: "b" }, ["a", "b"].map((one) => h("option", { key: one, value: one }, one))), document.body);

  equal(document.querySelector("select").value, "b");
});

test("components may return lists, nothing, and other components", () => {
  const Two = () => [h("i", { key: 1 }, 1), h("i", { key: 2 }, 2)];
  const Outer = ({ children }) => h("p", {}, h(Two), h(() => null), children);
  render(h(Outer, {}, "end"), document.body);

  equal(document.body.textContent, "12end");
});

test("properties go away again", () => {
  render(h("button", { "aria-pressed": "true", class: "on", disabled: true, onClick: () => {} }), document.body);
  render(h("button", {}), document.body);
  const button = document.querySelector("button");

  equal([button.hasAttribute("aria-pressed"), button.className, button.disabled, button.onclick], [false, "", false, null]);
});

test("styles that come from data need no style attribute in markup", () => {
  render(h("i", { style: { "--p": "40%", flex: "3" } }), document.body);

  equal(document.querySelector("i").style.getPropertyValue("--p"), "40%");
});

test("a heading and a note can be focused where their tab index says so, and not where nothing does", () => {
  render([h("h1", { key: "h1", tabIndex: -1 }, "a"), h("p", { key: "p", tabIndex: null }, "b")], document.body);
  const [heading, text] = document.body.children;
  heading.focus();
  text.focus();

  equal([document.activeElement === heading, text.hasAttribute("tabindex")], [true, false]);
});
