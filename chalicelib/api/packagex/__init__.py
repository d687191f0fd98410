"""The PackageX dialect: its words for what the core knows. Each feature has a folder with routes, requests, responses,
schemas, and what it tells the OpenAPI document.

Source: PackageX, imports model and create import; what they leave open is decided in `docs/semantics.md`.
"""

from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.exports import ExportStatus
from chalicelib.model.imports import Action, DuplicateHandling, Status, UploadMode

DIALECT = "packagex"

RESOURCE_WORDS = {name: resource.singular for name, resource in RESOURCES.items()}
"""How a resource is shown: contact, group, item, asset, and beyond PackageX every other one. Plurals are understood."""

RESOURCE_NAMES = (*RESOURCE_WORDS.values(), *RESOURCE_WORDS)
"""How callers may name one; case, spaces, hyphens and underscores do not matter."""

ACTIONS = {action.value: action for action in Action}
"""merge, overwrite, delete; beyond PackageX create and update."""

UPLOAD_MODES = {mode.value: mode for mode in UploadMode}

DUPLICATE_HANDLINGS = {handling.value: handling for handling in DuplicateHandling}

STATUS_WORDS = {
    Status.REQUESTED: "requested",
    Status.QUEUED: "queued",
    Status.PROCESSING: "processing",
    Status.CANCELING: "processing",
    Status.COMPLETED: "completed",
    Status.FAILED: "failed",
    Status.CANCELED: "failed",
    Status.TIMED_OUT: "timed_out",
    Status.EXPIRED: "expired",
}
"""The seven words of the model. A canceled import shows itself by its reason."""

STATUSES = {
    word: frozenset(status for status, shown in STATUS_WORDS.items() if shown == word)
    for word in dict.fromkeys(STATUS_WORDS.values())
}
"""What each word means when imports are filtered by it."""

EXPORT_STATUS_WORDS = {status: status.value for status in ExportStatus} | {ExportStatus.CANCELED: "failed"}
"""As those of imports."""

EXPORT_STATUSES = {
    word: frozenset(status for status, shown in EXPORT_STATUS_WORDS.items() if shown == word)
    for word in dict.fromkeys(EXPORT_STATUS_WORDS.values())
}
"""What each word means when exports are filtered by it."""
