"""Whole answers of the PackageX dialect, to be compared with."""

from chalice.test import HTTPResponse

from chalicelib.model.phases import PUBLIC_PHASES
from tests.contract.packagex.clients import JSON
from tests.world import NOW, OURS

PHASES = [name.value for name in PUBLIC_PHASES]
NOTHING = {
    "total": 0,
    "created": 0,
    "updated": 0,
    "unchanged": 0,
    "deleted": 0,
    "overwritten": 0,
    "skipped": 0,
    "failed": 0,
    "unprocessed": 0,
    "created_references": {},
}


def a_phase(name: str, mode: str = "async", **given: object) -> JSON:
    counts = {"total": 0, "processed": 0, "success": 0, "error": 0, "started_at": None, "ended_at": None}
    return {"name": name, "mode": mode, "status": "pending"} | counts | given


NO_UPLOAD = {"_upload_url": None, "_upload_expires_at": None}
"""Of an import that waits for no file."""


def import_body(**given: object) -> JSON:
    """An async import that was just asked for."""
    return {
        "object": "import",
        "id": "imp_1",
        "organization_id": OURS,
        "resource": "contact",
        "upload_mode": "async",
        "action": "merge",
        "status": "requested",
        "duplicate_handling": "ignore_all",
        "reason": None,
        "has_upload_file": False,
        "has_errors_file": False,
        "name": None,
        "created_by": "key_test",
        "column_mapping": {},
        "phases": [a_phase(name) for name in PHASES],
        "stats": NOTHING,
        "created_at": NOW,
        "updated_at": NOW,
        "updated_by": "key_test",
        "checksum": None,
        "_upload_url": f"memory://PUT/uploads/{OURS}/imp_1/source?expires_at={NOW + 3600}",
        "_upload_csv_url": None,
        "_upload_json_url": None,
        "_errors_csv_url": None,
        "_errors_json_url": None,
        "_succeeded_csv_url": None,
        "_succeeded_json_url": None,
        "_unprocessed_csv_url": None,
        "_unprocessed_json_url": None,
        "_upload_expires_at": NOW + 3600,
        "findings": [],
        "columns": [],
        "problems": {},
        "value_mapping": {},
        "reading": {},
        "match_by": [],
        "is_preview": False,
        "confirm_until": None,
        "confirmed_as": None,
        "preview_of": None,
        "strict": False,
        "retry_of": None,
        "retries": [],
        "mended": 0,
        "drift": {},
        "profile": None,
        "undo_of": None,
        "undo_until": None,
        "undo": None,
        "reverted": False,
        "hold": False,
        "held": False,
        "held_until": None,
        "max_failed": None,
        "max_deleted": None,
        "all_or_nothing": False,
        "create_missing": [],
        "merge_rules": {},
        "_upload_parts": None,
        "progress": progress(given.get("status", "requested")),
    } | given


def progress(status: object) -> JSON:
    """Of an import that has not begun, or has ended."""
    is_under_way = status in ("requested", "queued", "processing")
    return {"percent": 0 if is_under_way else 100, "rows_per_second": None, "remaining_s": None}


def enveloped(data: object, message: str, endpoint: str, status: int = 200, **given: object) -> JSON:
    envelope = {
        "message": message,
        "data": data,
        "status": status,
        "errors": [],
        "code": None,
        "events": [],
        "pagination": None,
        "endpoint": endpoint,
    }
    return envelope | given


def refusal(response: HTTPResponse) -> tuple[int, str, list[str]]:
    """What a refusal says, once its envelope is known to be one."""
    body = response.json_body
    assert set(body) == {"message", "data", "status", "errors", "code", "events", "pagination", "endpoint"}
    assert (body["data"], body["events"], body["pagination"]) == ({}, [], None)
    assert body["status"] == response.status_code
    assert response.headers["Content-Type"] == "application/json"
    return response.status_code, body["code"], body["errors"]
