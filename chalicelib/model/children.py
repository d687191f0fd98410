"""Previews, and children: imports that are made of one that has ended, and with which it is busy until they end.

While an import is busy nothing else may be made of it, and it cannot be deleted. `imports/children.py` has the order in
which that is written down.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import, Stats, Status, UndoSummary
from chalicelib.model.stop_reasons import was_interrupted


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupation:
    """What makes an import busy: written only while it has a final status, is busy with nothing, and its condition
    holds.
    """

    busy_with: ImportId
    """The child; the import's own id where it is being deleted."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the import that are written beside."""
    demands_absent: tuple[str, ...] = ()
    """Fields of the import that must be None: what may be done once only has been done otherwise."""
    demands_unchanged: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the import that must be what they were when it was looked at, for values that are made of them."""
    undone_by: Mapping[str, Any] = field(default_factory=dict)
    """What these fields are again where the child is gone before it has begun."""


class SourceKind(StrEnum):
    """Where the rows of an import come from."""

    UPLOAD = "upload"
    """A file, or what came with the request."""
    UNDO = "undo"
    """What another import has written, numbered anew."""
    RETRY = "retry"
    """The rows that another import left failed, skipped or unprocessed; they keep the numbers that they have there."""


def source_kind_of(import_: Import) -> SourceKind:
    """Returns where the rows of an import come from."""
    if import_.undo_of is not None:
        return SourceKind.UNDO
    return SourceKind.UPLOAD if import_.retry_of is None else SourceKind.RETRY


def keeps_row_numbers(import_: Import) -> bool:
    """Returns whether the rows of an import bring their numbers along, so that there may be gaps between them."""
    return source_kind_of(import_) is SourceKind.RETRY


def previews_of(resource: str) -> str:
    """Returns the name of the part of a tenant's imports that holds the previews and undos of a resource: in most
    lists they are not shown.
    """
    return f"{resource}:previews"


def listed_as(import_: Import) -> str:
    """Returns the part of its tenant's imports to which one belongs: its resource, or the previews of its resource."""
    is_apart = import_.is_preview or import_.undo_of is not None
    return previews_of(import_.resource) if is_apart else import_.resource


def parent_of(import_: Import) -> ImportId | None:
    """Returns the import that one is made of, and that is busy with it until it ends; None for a preview, with which
    nothing is busy.
    """
    return None if import_.is_preview else import_.undo_of or import_.preview_of or import_.retry_of


def can_be_confirmed(import_: Import) -> bool:
    """Returns whether an import is a preview that has completed, so that the import can be made that it was about."""
    is_of_upload = source_kind_of(import_) is SourceKind.UPLOAD
    return import_.is_preview and is_of_upload and import_.status is Status.COMPLETED


def can_be_redriven(import_: Import) -> bool:
    """Returns whether an import broke off, so that another attempt at it may go on: it was interrupted, or ran out of
    time. One that tries rows again does not: its root has counted what it did.
    """
    is_interrupted = import_.status is Status.FAILED and was_interrupted(import_.reason)
    return None is import_.retry_of is import_.undo_of and (is_interrupted or import_.status is Status.TIMED_OUT)


def reported_to_parent(parent: Import, child: Import, stats: Stats, status: Status) -> dict[str, Any]:
    """Returns what a child that ends with this status and these stats writes to the import that it was made of, by
    field.
    """
    if child.undo_of == parent.import_id:
        summary = UndoSummary.of(child.import_id, status, stats)
        return {"undo": summary, **({"reverted_by": child.import_id} if summary.is_whole else {})}
    if child.retry_of == parent.import_id:
        return {"mended": parent.mended + stats.created + stats.updated + stats.unchanged + stats.deleted}
    return {}


def root_of(import_: Import) -> ImportId:
    """Returns the import of whose id and row numbers the ids of new records are made: a preview tells them ahead, and
    what is tried again makes what it would have made the first time.
    """
    return import_.ids_of or import_.preview_of or import_.import_id


def may_be_followed_by(stored: Import, again: Import) -> bool:
    """Returns whether the next attempt at an import, which is `again`, may begin: the import has ended in the attempt
    before, which was announced, and nothing has been made of it, nor is being made.
    """
    has_children = bool(stored.busy_with or stored.retries or stored.undo)
    is_before = stored.is_final and stored.attempt == again.attempt - 1
    return is_before and stored.unpublished_since is None and not has_children
