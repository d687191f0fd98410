// The first step: a file is chosen, and what is in it. What follows lies on the server.

import { Refusal } from "./api.js";
import { dropTarget, pastedFile, typeOf } from "./drop.js";
import { Button, Foot, Head, ImportBar, Main, Note, Skeleton, Steps } from "./frame.js";
import { loadLater } from "./later_screen.js";
import { profilesOf } from "./remembering.js";
import { inSentence, pluralOf, resourcesOf } from "./resources.js";
import { download } from "./saving.js";
import { duration, percent, size, t } from "./text.js";
import { Transfer } from "./transfer.js";
import { IN_PARTS_BYTES, Meter } from "./upload.js";
import { h } from "./view.js";

const LAST_RESOURCE = "sluice-resource";
const NAME_CHARACTERS = 127;

export function fileScreen(app, { query }, signal) {
  const state = { resources: null, resource: app.embedded ? app.embedded.resource : localStorage.getItem(LAST_RESOURCE), file: app.file, again: app.again, profile: null, fault: null, meter: null, stopper: null, columns: null };
  Object.assign(app, { file: null, again: null });
  const take = (file) => {
    if (state.meter) return;
    Object.assign(state, { file, again: null, fault: file.size ? null : "file.empty" });
    app.draw();
  };
  const paste = (event) => {
    const file = event.target.matches("input, textarea") ? null : pastedFile(event, t("file.pasted"));
    if (file) take(file);
  };
  document.addEventListener("paste", paste, { signal });
  app.run(async () => {
    const [resources, profile] = await Promise.all([resourcesOf(app.api), profileNamed(app, query.get("profile"))]);
    Object.assign(state, { resources, profile, resource: profile?.resource ?? state.resource });
    if (state.again) send();
  });

  function send() {
    const fault = !state.resource ? "file.which" : !state.file ? "file.none" : !state.file.size ? "file.empty" : null;
    state.fault = fault;
    app.draw();
    if (fault) document.querySelector(fault === "file.which" ? ".cards input" : "#file")?.focus();
    else app.run(transfer, { again: false, answers: false });
  }

  async function transfer() {
    const { file, resource } = state;
    if (!app.embedded) localStorage.setItem(LAST_RESOURCE, resource);
    Object.assign(state, { stopper: new AbortController(), meter: new Meter(file.size) });
    app.draw();
    // What the next step needs is here when the file is there.
    loadLater().catch(() => {});
    const profiles = app.embedded ? Promise.resolve([]) : profilesOf(app.api);
    profiles.catch(() => {});
    try {
      await sendNow(file, resource, profiles);
    } catch (error) {
      const changed = error instanceof Refusal && error.code === "upload_refused";
      giveUp(changed ? "file.changed" : null);
      if (!changed) throw error;
    }
  }

  async function sendNow(file, resource, profiles) {
    const name = file.name.length < 3 ? `${file.name}   `.slice(0, 3) : file.name.slice(0, NAME_CHARACTERS);
    const options = { ...optionsOf(app, state), upload_mode: "async", resource, preview: true, hold: true };
    const parts = file.size > IN_PARTS_BYTES ? { parts: true } : {};
    const made = (await app.api.post("/v1/imports", { ...options, ...parts, name, filename: file.name.slice(0, 255), content_type: typeOf(file), size_bytes: file.size })).data;
    const gone = AbortSignal.any([signal, state.stopper.signal]);
    const transfer = new Transfer(app.api, made, file, { meter: state.meter, onProgress: () => app.draw(), signal: gone });
    app.sent = { id: made.id, file, resource, fresh: { one: made, profiles, transfer, onStop: () => giveUp() } };
    showColumns(transfer, gone).catch(() => {});
    const one = await transfer.done;
    if (gone.aborted) return;
    app.tell("opened", { import_id: made.id, filename: file.name, size_bytes: file.size });
    if (state.columns) return app.move(`#/imports/${made.id}/columns`);
    app.sent.fresh = { one, profiles, transfer };
    app.go(`#/imports/${made.id}/columns`);
  }

  /** Shows the next step while the file is on its way, as soon as its beginning tells what to show. */
  async function showColumns(transfer, gone) {
    const [source, { SCREENS }] = await Promise.all([transfer.ahead, loadLater()]);
    if (!source || transfer.isOver || gone.aborted) return;
    app.sent.fresh.source = source;
    state.columns = SCREENS.columnsScreen(app, { id: transfer.id }, gone);
    app.draw();
    app.arrive();
  }

  /** Back to the choice of a file. What somebody has chosen of its columns meanwhile is stated when it is sent again. */
  function giveUp(fault = null) {
    state.stopper.abort();
    Object.assign(state, { again: state.columns?.chosen() ?? state.again, columns: null, meter: null, fault });
    app.draw();
  }

  return {
    title: () => state.columns?.title() ?? t("step.file"),
    view: () => state.columns?.view() ?? [
      h(ImportBar, { app, resource: state.resource ? pluralOf(state.resource) : t("file.new"), file: state.file?.name }),
      h(Steps, { at: "file" }),
      h(Main, {}, h("div", { class: "drop", ...dropTarget(take) }, state.meter ? h(Sending, { state }) : h(Choosing, { app, state, take }))),
      h(FileFoot, { app, state, send, stop: () => giveUp() }),
    ],
  };
}

/** The profile of this name, or none. */
async function profileNamed(app, name) {
  return name ? (await app.api.get(`/v1/import-profiles/${encodeURIComponent(name)}`)).data : null;
}

/** Of several rows that mean the same the first counts, unless a profile says otherwise. */
function optionsOf(app, { again, profile }) {
  const stated = profile?.options ?? {};
  const action = again?.action ?? stated.action ?? app.embedded?.allow[0] ?? "merge";
  const doubles = stated.duplicate_handling || app.embedded?.profile ? {} : { duplicate_handling: "use_first" };
  return { ...again, ...(profile ? { profile: profile.name } : {}), action, ...doubles };
}

function Choosing({ app, state, take }) {
  const chooseResource = (name) => { Object.assign(state, { resource: name, fault: null }); app.draw(); };
  return [
    h(Head, { key: "head", title: t("file.title"), lead: t("file.lead") }),
    state.profile ? h("div", { key: "profile", class: "above" }, h(Note, { kind: "accent", sign: "✓" }, h("p", {}, t("file.profile", { name: state.profile.name, what: pluralOf(state.profile.resource) })))) : null,
    state.fault ? h("div", { key: "fault", class: "above" }, h(Note, { kind: "failed", role: "alert" }, h("p", {}, t(state.fault)))) : null,
    h(FileBox, { key: "box", file: state.file, take }),
    app.embedded || state.profile ? null : h("h2", { key: "what", class: "section" }, t("file.what")),
    state.resources ? h(ResourceCards, { key: "cards", app, state, chooseResource }) : h(Skeleton, { key: "bones", rows: 2 }),
  ];
}

function FileBox({ file, take }) {
  const choose = (event) => event.target.files[0] && take(event.target.files[0]);
  const found = file
    ? h("p", { class: "chosen" }, h("b", {}, h("bdi", {}, file.name)), " ", h("span", { class: "soft num" }, size(file.size)))
    : h("p", { class: "soft" }, t("file.formats"));
  return h("div", { class: "sheet filebox" },
    h("label", { class: "button", htmlFor: "file" }, t(file ? "file.other" : "file.choose")),
    h("input", { id: "file", class: "sr", type: "file", onChange: choose }),
    h("div", {}, found, h("p", { class: "soft hint" }, t("file.drop"))));
}

function ResourceCards({ app, state, chooseResource }) {
  const cards = state.resources.map((one) => h("label", { key: one.name, class: "card-choice" },
    h("input", { type: "radio", name: "resource", value: one.name, checked: state.resource === one.name, onChange: () => chooseResource(one.name) }),
    h("span", {}, h("b", {}, pluralOf(one.name)))));
  const chosen = state.resources.find((one) => one.name === state.resource);
  const choice = app.embedded || state.profile ? null : h("fieldset", { class: "cards" }, h("legend", { class: "sr" }, t("file.what")), cards);
  return h("div", {}, choice, chosen ? h(Templates, { app, resource: chosen }) : null);
}

function Templates({ app, resource }) {
  const save = (format) => app.run(async () => {
    const { templates } = (await app.api.get(`/v1/resources/${resource.name}`)).data;
    download(await (await dataOf(templates[format])), `${resource.plural}.${format}`);
  }, { again: false });
  const link = (format) => h("button", { key: format, type: "button", class: "link", onClick: () => save(format) }, format.toUpperCase());
  return h("p", { class: "soft templates" }, t("file.template", { what: inSentence(pluralOf(resource.name)) }), " ", link("csv"), " · ", link("xlsx"));
}

/** A data URL as a blob; the policy of the page lets no request fetch it. */
function dataOf(url) {
  const [, type, content] = /^data:([^;]+);base64,(.*)$/.exec(url);
  return new Blob([Uint8Array.from(atob(content), (one) => one.charCodeAt(0))], { type });
}

function Sending({ state }) {
  const { meter, file } = state;
  const speed = meter.bytesPerS ? t("file.speed", { speed: size(meter.bytesPerS), rest: duration(meter.restS) }) : "";
  return [
    h(Head, { key: "head", title: t("file.sending", { name: file.name }), lead: t("file.sending_lead") }),
    h("div", { key: "progress", class: "sheet sending" },
      h("div", { class: "track", role: "progressbar", "aria-label": t("file.sent"), "aria-valuenow": Math.round(meter.part * 100), style: { "--p": `${meter.part * 100}%` } }),
      h("p", { class: "num" }, h("b", {}, percent(meter.part)), " ", h("span", { class: "soft" }, [size(file.size), speed].filter(Boolean).join(" · ")))),
  ];
}

function FileFoot({ app, state, send, stop }) {
  if (state.meter) return h(Foot, { back: h(Button, { onClick: stop }, t("file.stop")), say: "" });
  const words = state.file ? t("file.send", { name: state.file.name }) : t("file.send_file");
  return h(Foot, { back: app.embedded ? null : h(Button, { href: "#/" }, t("back")), say: t("file.promise") }, h(Button, { kind: "main", onClick: send }, words));
}
