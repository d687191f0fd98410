// The fourth step: the import while it runs.

import { Edits } from "./edits.js";
import { Button, Foot, Head, ImportBar, Main, Note, Skeleton, Steps } from "./frame.js";
import { Phases } from "./phases.js";
import { poll } from "./polling.js";
import { pluralOf } from "./resources.js";
import { hasEnded, stepsOf } from "./states.js";
import { duration, number, percent, t } from "./text.js";
import { h } from "./view.js";

export function importScreen(app, { id }, signal) {
  const state = { one: null, isCanceling: false };

  async function look() {
    state.one = (await app.api.get(`/v1/imports/${id}`)).data;
    app.draw();
    if (!hasEnded(state.one)) return false;
    const { checked } = await Edits.of(id);
    const next = checked.size && state.one.status === "completed" ? "mend?send" : "result";
    if (!signal.aborted) app.go(`#/imports/${id}/${next}`, { replace: true });
    return true;
  }

  async function cancel() {
    state.isCanceling = true;
    app.draw();
    await app.api.post(`/v1/imports/${id}`, { status: "canceled" });
  }

  app.run(() => poll(look, signal));
  return {
    title: () => titleOfRun(state.one),
    view: () => [
      h(ImportBar, { app, resource: state.one ? pluralOf(state.one.resource) : "", file: state.one?.name, imported: { import_id: id } }),
      h(Steps, { at: "import", links: state.one ? stepsOf(state.one, app) : {} }),
      h(Main, {}, state.one ? h(Running, { one: state.one, isCanceling: state.isCanceling }) : h(Skeleton)),
      h(Foot, { back: h(Button, { onClick: () => app.run(cancel, { again: false }) }, t(state.isCanceling ? "run.canceling" : "run.cancel")), say: t("run.cancel_says") },
        app.embedded ? null : h(Button, { href: "#/" }, t("run.leave"))),
    ],
  };
}

function titleOfRun(one) {
  if (one?.status === "requested") return t("run.waits_for_file");
  if (one?.status === "queued") return t("run.queued");
  if (one?.undo_of) return t("run.undo");
  return one?.progress?.percent ? t("run.percent", { percent: percent(one.progress.percent / 100) }) : t("run.title");
}

function Running({ one, isCanceling }) {
  const { rows_per_second: rate, remaining_s: rest } = one.progress ?? {};
  const told = [rate ? t("run.rate", { rate: number(Math.round(rate)) }) : "", rest ? t("run.rest", { rest: duration(rest) }) : ""].filter(Boolean).join(" · ");
  return [
    h(Head, { key: "head", title: titleOfRun(one), lead: told || t("run.lead") }),
    isCanceling ? h("div", { key: "canceling", class: "above" }, h(Note, { kind: "skipped", role: "status" }, h("p", {}, t("run.canceling_lead")))) : null,
    h(Phases, { key: "phases", one }),
  ];
}
