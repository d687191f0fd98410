"""Makes every Lambda function do its work; the last line printed is JSON: which actions each used on which resources.

    python -m tests.contract.policies

A process of its own, as a Lambda function is one: the environment is its own, and boto is listened to in it alone.
"""

import json
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from chalicelib.imports.workspace.request_work import RequestWork
from chalicelib.model.exports import ExportStatus
from chalicelib.model.imports import Source, Status
from chalicelib.model.status_changes import ImportChange
from tests.contract.policies.recorder import Recorder
from tests.contract.policies.stack import KASAR_KEY, SMALL_SOURCE_BYTES, Stack, running_stack
from tests.receivers import Receiver
from tests.workbooks import workbook
from tests.world import NOW, OURS, a_schedule, an_export, an_import

AS_ADMIN = {"Authorization": f"Bearer {KASAR_KEY}"}
HEADER = ["name", "email"]
FEW = [HEADER, ["Ann", "ann@example.com"], ["Ben", "ben@example.com"], ["Ben", "ben@example.com"], ["", "nobody"]]
MANY = [HEADER, *([sha256(bytes([n])).hexdigest(), f"person{n}@example.com"] for n in range(SMALL_SOURCE_BYTES // 50))]
IN_SECTIONS = {"batch_rows": 50, "result_section_batches": 1}
"""Limits that let an import of many rows end in sections."""
"""More than a small source, as a workbook too: such names cannot be compressed much."""


def csv(rows: list[list[str]]) -> bytes:
    return "".join(",".join(row) + "\n" for row in rows).encode()


def import_files(stack: Stack) -> None:
    """Texts and workbooks, small and large, uploaded and dropped."""
    _upload(stack, csv(FEW))
    _upload(stack, csv(MANY), action="overwrite")
    _upload(stack, workbook({"People": FEW}))
    _upload(stack, workbook({"People": [*MANY, *FEW[1:]]}))
    for resource in ("contacts", "spaceships"):
        stack.store(f"drop/{OURS}/{resource}/merge/people.csv", csv(FEW))
    stack.run_machines()


def import_records(stack: Stack) -> None:
    """Records within the request, imported before it is answered or after it, and exported."""
    records = [{"name": "Ann", "email": "ann@example.com"}, {"name": "", "email": "nobody"}]
    stack.ask("POST", "/v1/imports", _import_body(upload_mode="sync", data=records))
    stack.run_machines()
    for name in ("Ann", "Anna"):
        body = {
            "records": [{"first_name": name, "last_name": "Lee", "email": "a@example.com", "phone": "+12125550100"}]
        }
        stack.ask("POST", "/api/v1/import/contacts", body, headers=AS_ADMIN)
    stack.ask("GET", "/api/v1/export/contacts", headers=AS_ADMIN)


def undo_imports(stack: Stack) -> None:
    """A small import and a large one that have changed records are undone; one goes, with what it was undone from."""
    few_id = _upload(stack, csv([HEADER, ["Anna", "ann@example.com"], ["Zoe", "zoe@example.com"]]))
    renamed = [[f"{name[:-1]}!", email] for name, email in MANY[2:]]
    many_id = _upload(stack, csv([HEADER, *renamed]), action="overwrite")
    for import_id in (many_id, few_id):
        stack.ask("POST", f"/v1/imports/{import_id}/undo", {})
        stack.run_machines()
    stack.ask("DELETE", f"/v1/imports/{few_id}")


def keep_imports(stack: Stack) -> None:
    """Shows, renames, cancels and deletes imports, one of whose files comes late, and repeats a request."""
    import_id = _upload(stack, csv(FEW))
    stack.ask("GET", f"/v1/imports/{import_id}?include_upload_csv=true&include_errors_csv=true")
    stack.ask("GET", "/v1/imports")
    _upload_in_parts(stack, csv(FEW))
    stack.ask("POST", f"/v1/imports/{import_id}", {"name": "Mine"})
    stack.ask("DELETE", f"/v1/imports/{import_id}")
    stack.store(f"uploads/{OURS}/{import_id}/source", csv(FEW))
    running_id = stack.ask("POST", "/v1/imports", _import_body())["id"]
    stack.store(f"uploads/{OURS}/{running_id}/source", csv(FEW))
    stack.ask("POST", f"/v1/imports/{running_id}", {"status": "canceled"})
    stack.break_machines_off()
    for _ in range(2):
        stack.ask("POST", "/v1/imports", _import_body(), headers={"Idempotency-Key": "one"})
    stack.ask("POST", "/v1/imports", _import_body(resource="spaceships"), headers={"Idempotency-Key": "two"})


def import_in_a_session(stack: Stack) -> None:
    """A session is made, opened, used for two files of which one is confirmed, and revoked."""
    asked = {"resource": "contact", "allow": ["merge"], "allow_origin": "https://app.example.com"}
    session = stack.ask("POST", "/v1/import-sessions", asked)
    path, token = f"/v1/import-sessions/{session['id']}", session["importer_url"].partition("#")[2]
    guest = {"PX-API-KEY": stack.ask("POST", f"{path}/exchange", {}, headers={"PX-API-KEY": token})["_credential"]}
    body = _import_body(preview=True)
    stack.ask("POST", "/v1/imports", body, headers=guest)
    import_id = stack.ask("POST", "/v1/imports", body, headers=guest)["id"]
    stack.store(f"uploads/{OURS}/{import_id}/source", csv(FEW))
    stack.run_machines()
    stack.ask("GET", f"/v1/imports/{import_id}/rows", headers=guest)
    stack.ask("POST", f"/v1/imports/{import_id}", {"status": "confirmed"}, headers=guest)
    stack.run_machines()
    stack.ask("DELETE", path)


def hold_imports(stack: Stack) -> None:
    """Files that are sent and dropped are held by a profile, looked at, and let go or canceled."""
    stack.ask("POST", "/v1/import-profiles", {"name": "weekly", "resource": "contacts", "hold": True})
    stack.ask("POST", "/v1/settings", {"save_upload": True})
    import_id = _upload(stack, workbook({"People": FEW}), profile="weekly")
    stack.store(f"drop/{OURS}/@weekly/people.csv", csv(FEW))
    stack.run_machines()
    imports: Any = stack.ask("GET", "/v1/imports")
    stack.ask("POST", f"/v1/imports/{imports[0]['id']}", {"status": "canceled"})
    stack.ask("GET", f"/v1/imports/{import_id}/source")
    stack.ask("POST", f"/v1/imports/{import_id}", {"reading": {"sheet": "People"}, "status": "queued"})
    stack.run_machines()
    stack.ask("DELETE", "/v1/import-profiles/weekly")


def kill(stack: Stack) -> None:
    """Imports whose functions are killed once they have done their work, before the state machine hears of it."""
    for function in ("prevalidate", "run_batch_phase"):
        stack.killed_after = function
        _upload(stack, csv(MANY))
    stack.killed_after = ""


def export(stack: Stack) -> None:
    """Exports that complete, are canceled, deleted, or broken off."""
    asked = {"resource": "contact", "formats": ["csv", "json"]}
    for path in (
        "/v1/whoami",
        "/v1/keys",
        "/v1/usage",
        "/v1/events?after=latest",
        "/v1/events",
        "/v1/imports",
        "/v1/exports",
    ):
        stack.ask("GET", path)
    export_id = stack.ask("POST", "/v1/exports", asked)["id"]
    stack.run_machines()
    stack.ask("GET", f"/v1/exports/{export_id}?include_csv=true")
    stack.ask("DELETE", f"/v1/exports/{export_id}")
    stack.ask("POST", "/v1/exports", asked)
    stack.break_machines_off()
    canceled_id = stack.ask("POST", "/v1/exports", asked)["id"]
    stack.ask("POST", f"/v1/exports/{canceled_id}", {"status": "canceled"})
    stack.run_machines()


def schedule(stack: Stack) -> None:
    """A schedule that is due, and whose files are copied once its export has ended."""
    asked = {"resource": "contact", "format": "json", "fields": ["id", "name"]}
    stack.ask("POST", "/v1/export-schedules", {"schedule": "rate(1 hour)", "export": asked})
    now = int(time.time())
    due = a_schedule("sch_due", destination="warehouse", anchor_at=now - 3600, next_due_at=now - 1)
    stack.stores.schedules.add(due, limit=9)
    stack.tick("run_schedules")
    stack.run_machines()
    stack.tick("run_schedules")


def reap(stack: Stack) -> None:
    """Imports and exports of every status, whose time was over long ago, one that waits for a slot, some that no
    execution runs, and one that could not be ended; a dropped file that no event told of.
    """
    for status in Status:
        stack.stores.imports.add(an_import(status, f"imp_{status}", attempt=1))
    stack.stores.files.write_file(f"uploads/{OURS}/imp_late/source", csv(FEW))
    stack.stores.imports.add(an_import(Status.REQUESTED, "imp_late"))
    unsaved = stack.stores.files.write_file(f"uploads/{OURS}/imp_unsaved/source", csv(FEW))
    source = Source(key=unsaved.key, version_id=unsaved.version_id)
    stack.stores.imports.add(an_import(Status.COMPLETED, "imp_unsaved", source=source, source_until=1))
    key = f"drop/{OURS}/contacts/merge/late.csv"
    stack.stores.files.write_file(key, csv(FEW))
    stack.stores.imports.add(an_import(Status.PROCESSING, "imp_dropped", dialect="drop", source=Source(key=key)))
    work_key = f"work/{OURS}/imp_unended/kept"
    stack.stores.files.write_file(work_key, RequestWork().pack())
    stack.stores.imports.add(an_import(Status.PROCESSING, "imp_unended", end_tries=5, work_key=work_key))
    for stage in ExportStatus:
        stack.stores.exports.add(an_export(stage, f"exp_{stage}"))
    later = int(time.time()) + 3600
    export = an_export(ExportStatus.QUEUED, "exp_lost", deadline_at=later)
    stack.stores.exports.add(export)
    stack.stores.exports.watch(export)
    lost = an_import(Status.QUEUED, "imp_lost", deadline_at=later)
    stack.stores.imports.add(lost)
    stack.stores.imports.watch(lost)
    stack.stores.files.write_file(f"drop/{OURS}/contacts/merge/unheard.csv", csv(FEW))
    stack.stores.files.write_file(f"drop/{OURS}/spaceships/merge/unheard.csv", csv(FEW))
    stack.tick("reap")
    stack.run_machines()


def announce(stack: Stack) -> None:
    """Events that were not published, and webhooks that hear of them."""
    with Receiver() as receiver:
        unwanted = stack.ask("POST", "/v1/webhooks", {"url": receiver.url})
        stack.ask("DELETE", f"/v1/webhooks/{unwanted['id']}")
        stack.ask("POST", "/v1/webhooks", {"url": receiver.url})
        unpublished = an_import(Status.PROCESSING, "imp_unpublished")
        stack.stores.imports.add(unpublished)
        ended = ImportChange(to=Status.COMPLETED, at=NOW, ended_at=NOW)
        stack.stores.imports.change(OURS, unpublished.import_id, ended)
        stack.tick("publish_events")
        _upload(stack, csv(FEW))
        stack.tick("publish_events")


def exchange(stack: Stack) -> None:
    """A client exchanges its secret for a token, and shows it."""
    stack.ask("GET", "/v1/imports", headers={"PX-API-KEY": stack.get_token()})


SCENARIOS: list[Callable[[Stack], None]] = [
    import_files,
    import_records,
    undo_imports,
    keep_imports,
    hold_imports,
    import_in_a_session,
    kill,
    export,
    schedule,
    reap,
    announce,
    exchange,
]


def _import_body(**wanted: object) -> dict[str, object]:
    usual = {"upload_mode": "async", "resource": "contacts", "action": "merge", "duplicate_handling": "use_first"}
    return usual | wanted


def _upload(stack: Stack, content: bytes, **wanted: object) -> str:
    import_id = stack.ask("POST", "/v1/imports", _import_body(**wanted))["id"]
    stack.store(f"uploads/{OURS}/{import_id}/source", content)
    stack.run_machines()
    return str(import_id)


def _upload_in_parts(stack: Stack, content: bytes) -> None:
    asked = _import_body(size_bytes=len(content), parts=True)
    import_id = stack.ask("POST", "/v1/imports", asked)["id"]
    stack.ask("GET", f"/v1/imports/{import_id}?parts=1")
    stack.store_part(f"uploads/{OURS}/{import_id}/source", content)
    stack.ask("POST", f"/v1/imports/{import_id}", {"status": "uploaded"})
    stack.run_machines()


def main() -> None:
    recorder = Recorder()
    with running_stack(recorder, IN_SECTIONS) as stack:
        for scenario in SCENARIOS:
            begun = time.monotonic()
            scenario(stack)
            print(scenario.__name__, round(time.monotonic() - begun, 1), file=sys.stderr)
    print(json.dumps(sorted(recorder.uses)))


if __name__ == "__main__":
    main()
