"""The Talkdesk dialect: its words for what the core knows. Routes, requests, responses and errors stand beside.

Source: Talkdesk, list of imports; what it leaves open is decided in `docs/talkdesk.md`. Its answers are HAL.
"""

from chalicelib.model.api_keys import Scope
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.imports import Action, Import, Status

DIALECT = "talkdesk"

USERS = RESOURCES["users"]
"""What may be imported here."""

TYPES = {"CREATE_USERS": Action.CREATE, "UPDATE_USERS": Action.UPDATE, "DELETE_USERS": Action.DELETE}

TYPE_WORDS = {
    Action.CREATE: "CREATE_USERS",
    Action.UPDATE: "UPDATE_USERS",
    Action.DELETE: "DELETE_USERS",
    Action.MERGE: "UPDATE_USERS",
    Action.OVERWRITE: "UPDATE_USERS",
}
"""Merge and overwrite come from other dialects."""

STATUS_WORDS = {
    Status.REQUESTED: "QUEUED",
    Status.QUEUED: "QUEUED",
    Status.PROCESSING: "IN_PROGRESS",
    Status.CANCELING: "CANCELED",
    Status.COMPLETED: "COMPLETED",
    Status.FAILED: "FAILED",
    Status.CANCELED: "CANCELED",
    Status.TIMED_OUT: "FAILED",
    Status.EXPIRED: "FAILED",
}

COLUMNS = {
    "current_email": "Current Email",
    "full_name": "Full Name",
    "email": "Email",
    "ring_groups": "Ring Groups",
    "active": "Agent Activation",
    "internal_extension": "Internal Extension",
    "external_phone": "External Phone",
}
"""How the CSV calls the fields (Talkdesk, bulk import of users)."""

_FIELDS = {
    Action.CREATE: tuple(name for name in COLUMNS if name != "current_email"),
    Action.UPDATE: tuple(COLUMNS),
    Action.DELETE: ("current_email",),
}

TEMPLATES = {action: tuple(COLUMNS[name] for name in names) for action, names in _FIELDS.items()}
"""The header line of each type, to the letter."""

MANDATORY = {
    Action.CREATE: ("full_name", "email"),
    Action.UPDATE: ("current_email",),
    Action.DELETE: ("current_email",),
}

SCOPES = {"bulk-imports:read": Scope.IMPORTS_READ, "bulk-imports:write": Scope.IMPORTS_WRITE}
SCOPE_WORDS = {scope: word for word, scope in SCOPES.items()}


def status_word(import_: Import) -> str:
    """Returns an import's status as Talkdesk calls it. A cancel is told as soon as it was asked for; an import whose
    execution died is still being counted.
    """
    if import_.status is Status.CANCELING and import_.reason:
        return "IN_PROGRESS"
    if import_.status is Status.COMPLETED and failed_records(import_):
        return "COMPLETED_WITH_ERRORS"
    return STATUS_WORDS[import_.status]


def failed_records(import_: Import) -> int:
    """Returns how many records failed; later copies of a row are failures here, too."""
    return import_.stats.failed + import_.stats.skipped


def completed_records(import_: Import) -> int:
    """Returns how many records were created, updated, deleted or found unchanged."""
    stats = import_.stats
    return stats.created + stats.updated + stats.unchanged + stats.deleted


def column_of(field: str | None) -> str | None:
    """Returns the column of the CSV that gives a field; what is no field stays as it is."""
    return COLUMNS.get(field, field) if field else None
