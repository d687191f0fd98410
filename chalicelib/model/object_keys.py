"""Where everything lies in the bucket: one function for each kind of object.

Of an import:

    uploads/{tenant}/{import}/source       what its caller uploads
    work/{tenant}/{import}/…               what its tasks hand each other
    work/{tenant}/{import}/retry.json      what is asked of it, if it tries rows of another one again
    work/{tenant}/{import}/request.{name}  the same of tasks that ran inside a request, in one piece
    before/{tenant}/{import}/{task}/…      records as they were before it changed them
    work/{tenant}/{import}/source.{name}   what its source looks like, as it is read
    results/{tenant}/{import}/errors.csv   what its caller may fetch
    results/{tenant}/answers/{response}    a response that is too large for API Gateway
    results/{tenant}/replays/{token}       the body of a response that is stored for repeats and too large for its item

Of an export, each object under the attempt that wrote it:

    work/{tenant}/{export}/{attempt}/…     selected records, shard by shard
    results/{tenant}/{export}/{attempt}/…  what its caller may fetch

What a schedule delivers where its owner wants it, for 90 days:

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
    SUCCEEDED_CSV = "succeeded.csv"
    SUCCEEDED_JSON = "succeeded.json"
    UNPROCESSED_CSV = "unprocessed.csv"
    UNPROCESSED_JSON = "unprocessed.json"


_UPLOAD = re.compile(r"uploads/(?P<tenant>[^/]+)/(?P<import_>[^/]+)/source")


def upload_key(tenant_id: TenantId, import_id: ImportId) -> str:
    """Returns where the source of an import lies that its caller uploads."""
    return f"uploads/{tenant_id}/{import_id}/source"


def find_owner(key: str) -> tuple[TenantId, ImportId] | None:
    """Returns the tenant and the import that an uploaded file belongs to, or None if the key is not that of an
    upload."""
    found = _UPLOAD.fullmatch(key)
    return (TenantId(found["tenant"]), ImportId(found["import_"])) if found else None


def kept_work_key(tenant_id: TenantId, import_id: ImportId, name: str) -> str:
    """Returns where the work lies that one function has done of an import by itself, where its item has no room for it.
    No two writes of it have the same name.
    """
    return f"work/{tenant_id}/{import_id}/request.{name}"


def before_images_folder(tenant_id: TenantId, import_id: ImportId, task: str = "") -> str:
    """Returns the prefix under which records lie as they were before an import, or one task of it, changed them."""
    return f"before/{tenant_id}/{import_id}/" + (f"{task}/" if task else "")


def retry_terms_key(tenant_id: TenantId, import_id: ImportId) -> str:
    """Returns where it lies what is asked of an import that tries rows of another one again."""
    return f"work/{tenant_id}/{import_id}/retry.json"


def source_description_key(tenant_id: TenantId, import_id: ImportId, name: str) -> str:
    """Returns where it is written down what the source of an import looks like. Each way of reading it has a name of
    its own.
    """
    return f"work/{tenant_id}/{import_id}/source.{name}"


def result_key(tenant_id: TenantId, import_id: ImportId, file: ResultFile) -> str:
    """Returns where a result file of an import lies."""
    return f"results/{tenant_id}/{import_id}/{file}"


def response_key(tenant_id: TenantId, answer_id: str) -> str:
    """Returns where a response lies that is too large for API Gateway. No import is called `answers`."""
    return f"results/{tenant_id}/answers/{answer_id}"


def stored_response_key(tenant_id: TenantId, token: str) -> str:
    """Returns where the body of a response lies that is stored for repeats of its request. No import is called
    `replays`.
    """
    return f"results/{tenant_id}/replays/{token}"


def folders_of(tenant_id: TenantId, import_id: ImportId) -> tuple[str, ...]:
    """Returns the prefixes under which everything of this import lies, and nothing else."""
    return tuple(f"{top}/{tenant_id}/{import_id}/" for top in ("uploads", "work", "before", "results"))


def shard_file_key(tenant_id: TenantId, export_id: ExportId, attempt_id: str, name: str) -> str:
    """Returns where an attempt at a task of an export keeps what it has written for other tasks."""
    return f"{export_work_folder(tenant_id, export_id)}{attempt_id}/{name}"


def export_file_key(tenant_id: TenantId, export_id: ExportId, attempt_id: str, filename: str) -> str:
    """Returns where an attempt at a task of an export writes a file for the caller."""
    return f"{export_files_folder(tenant_id, export_id)}{attempt_id}/{filename}"


def export_work_folder(tenant_id: TenantId, export_id: ExportId) -> str:
    """Returns the prefix under which the tasks of an export hand each other objects."""
    return f"work/{tenant_id}/{export_id}/"


def export_files_folder(tenant_id: TenantId, export_id: ExportId) -> str:
    """Returns the prefix under which the files of an export lie."""
    return f"results/{tenant_id}/{export_id}/"


def delivery_key(tenant_id: TenantId, destination: str, schedule_id: ScheduleId, due_at: int, suffix: str) -> str:
    """Returns where a schedule puts a file for its owner: under the same key for the same due time, however often it is
    delivered. `suffix` begins with a dot.
    """
    due = datetime.fromtimestamp(due_at, UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    return f"deliveries/{tenant_id}/{destination}/{schedule_id}/{due}{suffix}"
