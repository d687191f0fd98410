// Mend: only the faulty rows, a kind of fault at a time. What is mended is tried out first, and then imported; all other rows
// stay as they are. Before an import, rows of its preview are mended: they are imported right after the others.

import { Refusal } from "./api.js";
import { strangeChoices } from "./alike.js";
import { AlikeFixes, fixesShown } from "./alike_fixes.js";
import { Edits } from "./edits.js";
import { eachRow, FaultyRows, retryValues } from "./faulty_rows.js";
import { Button, Foot, Head, ImportBar, Main, Skeleton, Steps } from "./frame.js";
import { writtenRows } from "./outcomes.js";
import { isNarrow, LineInFile, RowCard } from "./row_card.js";
import { poll } from "./polling.js";
import { saysOf } from "./problems.js";
import { pluralOf, resourceOf } from "./resources.js";
import { download } from "./saving.js";
import { SheetBox } from "./sheet_box.js";
import { hasEnded, isMendableBefore, stepsOf } from "./states.js";
import { number, t } from "./text.js";
import { h } from "./view.js";

export function mendScreen(app, { id, query }, signal) {
  const state = { one: null, resource: null, rows: null, edits: null, kind: null, at: 0, working: null, sheet: null, doubles: 0 };

  async function load() {
    state.one = (await app.api.get(`/v1/imports/${id}`)).data;
    if (state.one.retry_of) return app.go(`#/imports/${state.one.retry_of}/mend`, { replace: true });
    if (state.one.confirmed_as) return app.go(`#/imports/${state.one.confirmed_as}/mend`, { replace: true });
    if (!hasEnded(state.one) || (state.one.is_preview && !isMendableBefore(state.one))) return app.go(`#/imports/${id}`, { replace: true });
    state.resource = await resourceOf(app.api, state.one.resource);
    state.edits = await Edits.of(id);
    const rows = new FaultyRows(state.one, state.resource);
    await rows.load(app.api, signal, () => { rows.sort(); state.rows = rows; choose(state.kind ?? rows.kinds[0]?.kind); });
    state.rows = rows;
    choose(state.kind ?? rows.kinds[0]?.kind);
    if (query.has("send") && right(state).length) await send();
  }

  function choose(kind) {
    Object.assign(state, { kind, at: 0 });
    app.draw();
  }

  function edit(cells) {
    state.edits.change(cells);
    state.sheet?.refresh();
    app.draw();
  }

  function back() {
    if (state.edits.back()) state.sheet?.refresh();
    app.draw();
  }

  /** Has the mended rows tried again, as a rehearsal or for good, and waits for what becomes of them. */
  async function retry(numbers, { preview }) {
    state.working = preview ? "mend.checking" : "mend.importing";
    app.draw();
    try {
      const rows = numbers.map((one) => ({ row_number: one, values: retryValues(state.rows.of(one), state.edits, state.rows) }));
      const { data } = await app.api.post(`/v1/imports/${id}/retry`, { include: ["failed"], only_given: true, rows, ...(preview ? { preview } : {}) });
      let child = data;
      await poll(async () => { child = (await app.api.get(`/v1/imports/${data.id}`)).data; return hasEnded(child); }, signal);
      return await stillFaulty(data.id, child);
    } finally {
      state.working = null;
    }
  }

  async function stillFaulty(childId, child) {
    if (child.status !== "completed") throw new Refusal(0, { message: child.reason });
    state.doubles = child.stats.skipped;
    const faulty = new Map();
    for await (const row of eachRow(app.api, childId, { outcome: "failed" }, signal)) faulty.set(row.row_number, row.problems);
    return faulty;
  }

  async function check() {
    const numbers = unchecked(state);
    const faulty = await retry(numbers, { preview: true });
    for (const [one, problems] of faulty) state.rows.of(one).problems = problems;
    state.edits.check(numbers.filter((one) => !faulty.has(one)));
    state.rows.sort();
    app.announce(t("mend.checked", { count: numbers.length - faulty.size }));
    state.sheet?.refresh();
  }

  /** Imports the rows of the preview; those that were mended follow when it has ended. */
  async function confirm() {
    const { data } = await app.api.post(`/v1/imports/${id}`, { status: "confirmed", ...(state.one.name ? { name: state.one.name } : {}) });
    await state.edits.moveTo(data.id);
    app.go(`#/imports/${data.id}/import`);
  }

  async function send() {
    const numbers = right(state);
    const faulty = await retry(numbers, { preview: false });
    const done = numbers.filter((one) => !faulty.has(one));
    state.edits.forget(done);
    state.rows.leaveOut(done);
    app.announce(t("mend.imported", { count: done.length }));
    if (!state.rows.count) return app.go(`#/imports/${id}/result`);
    choose(state.rows.kinds.some((one) => one.kind === state.kind) ? state.kind : state.rows.kinds[0].kind);
  }

  const act = { choose, edit, back, check: () => app.run(check, { again: false }), send: () => app.run(state.one.is_preview ? confirm : send, { again: false }), save: () => save(state) };
  act.move = (at) => { state.at = at; app.draw(); };
  app.run(load);
  return {
    title: () => (state.rows ? t("mend.title", { count: state.rows.count }) : t("mend")),
    view: () => [
      h(ImportBar, { app, resource: state.one ? pluralOf(state.one.resource) : "", file: state.one?.name, imported: state.one?.is_preview ? {} : { import_id: id } }),
      h(Steps, { at: state.one?.is_preview ? "check" : "result", links: state.one ? stepsOf(state.one, app) : {} }),
      h(Main, {}, state.rows ? h(Mending, { state, act }) : [h(Head, { key: "head", title: t("mend") }), h(Skeleton, { key: "bones" })]),
      state.rows ? h(MendFoot, { id, state, act }) : null,
    ],
  };
}

function Mending({ state, act }) {
  const { rows, edits } = state;
  if (!rows.count) return h(Head, { title: t("mend.none") });
  const mended = rows.mended(edits).length;
  const part = `${(100 * mended) / rows.count}%`;
  const end = h("div", { class: "progress" },
    h("p", {}, t("mend.progress", { mended, count: rows.count - mended })),
    h("div", { role: "progressbar", "aria-label": t("mend.part"), "aria-valuenow": mended, "aria-valuemax": rows.count, style: { "--p": part } }));
  const model = rows.modelOf(state.kind, edits);
  return [
    h(Head, { key: "head", title: t("mend.title", { count: rows.count }), lead: t(state.one.is_preview ? "mend.lead_before" : "mend.lead"), end }),
    h(Tabs, { key: "tabs", kinds: rows.kinds, chosen: state.kind, onChoose: act.choose }),
    h("div", { key: "panel", id: "mend-panel", role: "tabpanel", "aria-label": t("mend.faults") },
      h(AlikeFixes, { key: "alike", fixes: fixesShown(model.cells, edits, rows), choices: strangeChoices(model.cells), edits, onEdit: act.edit }),
      isNarrow() ? h(RowCard, { key: `card ${state.kind}`, model, at: state.at, onEdit: act.edit, onMove: act.move }) : h(WideSheet, { key: "sheet", state, model, act })),
  ];
}

function WideSheet({ state, model, act }) {
  const row = model.rows[state.at?.row ?? state.at] ?? model.rows[0];
  return [
    h(SheetBox, { key: "box", name: `${state.kind}`, model, onEdit: act.edit, onMove: act.move, onBack: act.back, onSheet: (sheet) => { state.sheet = sheet; } }),
    row ? h("p", { key: "says", class: "says", role: "status" }, h("span", { class: "num" }, t("mend.row", { number: row.number })), h("span", {}, saysNow(row, state), " ", h(LineInFile, { row }))) : null,
    h("p", { key: "under", class: "under" }, h("span", {}, t("mend.rows", { count: model.count })), h("span", { class: "keys" }, keyWords())),
  ];
}

/** What is wrong with a row, until somebody has mended it. */
function saysNow(row, { rows, edits, resource }) {
  return rows.mended(edits).includes(row.number) ? t("mend.done") : row.problems.map((one) => saysOf(one, resource)).join(" ");
}

function keyWords() {
  return [["Enter", "edit"], ["F8", "next_fault"], ["Ctrl V", "paste"], ["Ctrl Z", "back"]].map(([key, name]) =>
    h("span", { key: name }, key.split(" ").map((one) => h("kbd", { key: one }, one)), " ", t(`keys.${name}`)));
}

function Tabs({ kinds, chosen, onChoose }) {
  const move = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const at = kinds.findIndex((one) => one.kind === chosen);
    onChoose(kinds[(at + step + kinds.length) % kinds.length].kind);
    requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector("[role=tab][aria-selected=true]")?.focus()));
  };
  const tabs = kinds.map(({ kind, title, count }) => h("button", {
    key: kind, type: "button", class: "tab", role: "tab", "aria-selected": String(kind === chosen), "aria-controls": "mend-panel", tabIndex: kind === chosen ? 0 : -1, onClick: () => onChoose(kind),
  }, title, h("b", {}, number(count))));
  return h("div", { class: "tabs", role: "tablist", "aria-label": t("mend.kinds"), onKeydown: move }, tabs);
}

/** Rows that are mended and were not checked since. */
function unchecked({ rows, edits }) {
  return rows.mended(edits).filter((one) => !edits.checked.has(one));
}

/** Rows that are mended and were found right. */
function right({ rows, edits }) {
  return rows.mended(edits).filter((one) => edits.checked.has(one));
}

function MendFoot({ id, state, act }) {
  const { one, doubles } = state;
  const back = h(Button, { href: `#/imports/${id}/${one.is_preview ? "check" : "result"}` }, t("back"));
  if (state.working) return h(Foot, { back, say: t(state.working) });
  const [open, fine] = [unchecked(state).length, right(state).length];
  const words = one.is_preview ? t("check.import", { count: writtenRows(one.stats) + fine }) : t("mend.import", { count: fine });
  const main = open ? h(Button, { kind: "main", onClick: act.check }, t("mend.check", { count: open }))
    : fine ? h(Button, { kind: "main", onClick: act.send }, words) : null;
  const say = open || !fine ? t("mend.kept") : doubles ? t("mend.doubles", { count: doubles }) : t("mend.fine");
  return h(Foot, { back, say }, h(Button, { onClick: act.save }, t("mend.save")), main);
}

/** The faulty rows as they are mended so far, as CSV. */
function save({ rows, edits, one }) {
  const quoted = (value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const lines = [rows.headers, ...rows.all.map((row) => rows.headers.map((header) => edits.value(row.number, header) ?? row.given[header] ?? ""))];
  download(new Blob(["\ufeff", lines.map((line) => line.map(quoted).join(",")).join("\r\n"), "\r\n"], { type: "text/csv" }), `${one.name ?? one.id}-faulty.csv`);
}
