"""Where the files of an import lie in the bucket.

    uploads/{tenant}/{import}/source       what the caller sent
    work/{tenant}/{import}/…               what the tasks hand each other
    results/{tenant}/{import}/errors.csv   what the caller may fetch
    results/{tenant}/answers/{answer}      an answer that did not fit into a response
    results/{tenant}/replays/{turn}        the body of a kept answer that did not fit into its item

and those of an export, each under the try that wrote it:

    work/{tenant}/{export}/{try}/…         selected records, shard by shard
    results/{tenant}/{export}/{try}/…      what the caller may fetch

and what a schedule delivers where its owner wants it, for 90 days:

    deliveries/{tenant}/{destination}/{schedule}/{due time}.{suffix}

Tenant and import stand in every key of an import, so that an event about a file says whose it is.
"""

import re
from datetime import UTC, datetime
from enum import StrEnum

from chalicelib.model.ids import ExportId, ImportId, ScheduleId, TenantId


class ResultFile(StrEnum):
    """What may be fetched of an import; the value is the end of its key."""

    UPLOAD_CSV = "upload.csv"
    UPLOAD_JSON = "upload.json"
    ERRORS_CSV = "errors.csv"
    ERRORS_JSON = "errors.json"


_UPLOAD = re.compile(r"uploads/(?P<tenant>[^/]+)/(?P<import_>[^/]+)/source")


def upload_key(tenant_id: TenantId, import_id: ImportId) -> str:
    return f"uploads/{tenant_id}/{import_id}/source"


def find_owner(key: str) -> tuple[TenantId, ImportId] | None:
    """To which import an uploaded file belongs; None if the key is not that of an upload."""
    found = _UPLOAD.fullmatch(key)
    return (TenantId(found["tenant"]), ImportId(found["import_"])) if found else None


def result_key(tenant_id: TenantId, import_id: ImportId, file: ResultFile) -> str:
    return f"results/{tenant_id}/{import_id}/{file}"


def answer_key(tenant_id: TenantId, answer_id: str) -> str:
    """No import is called `answers`."""
    return f"results/{tenant_id}/answers/{answer_id}"


def replay_key(tenant_id: TenantId, token: str) -> str:
    """No import is called `replays`."""
    return f"results/{tenant_id}/replays/{token}"


def folders_of(tenant_id: TenantId, import_id: ImportId) -> tuple[str, ...]:
    """The prefixes under which everything of this import lies, and nothing else."""
    return tuple(f"{top}/{tenant_id}/{import_id}/" for top in ("uploads", "work", "results"))


def shard_file_key(tenant_id: TenantId, export_id: ExportId, token: str, name: str) -> str:
    return f"{export_work_folder(tenant_id, export_id)}{token}/{name}"


def export_file_key(tenant_id: TenantId, export_id: ExportId, token: str, filename: str) -> str:
    return f"{export_files_folder(tenant_id, export_id)}{token}/{filename}"


def export_work_folder(tenant_id: TenantId, export_id: ExportId) -> str:
    return f"work/{tenant_id}/{export_id}/"


def export_files_folder(tenant_id: TenantId, export_id: ExportId) -> str:
    return f"results/{tenant_id}/{export_id}/"


def delivery_key(tenant_id: TenantId, destination: str, schedule_id: ScheduleId, due_at: int, suffix: str) -> str:
    """`suffix` begins with a dot. The same due time has the same key, however often it is delivered."""
    due = datetime.fromtimestamp(due_at, UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    return f"deliveries/{tenant_id}/{destination}/{schedule_id}/{due}{suffix}"
