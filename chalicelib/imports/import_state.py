"""How an import stands, for those that run it: in the store, or inside the request that runs it by itself.

A request reports its phases to itself, and writes as little as its promises need:

    before the first record is written   the import, processing, with all that its rows mean
    at the end                           its final status, counts, what became of each row, and that it is to be told

What was worked out until then is kept with it (`workspace/request_work.py`), so that a crash in between is counted
truthfully, and a repeat goes on from there (ADR 18).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol, TypedDict

from chalicelib.errors import Conflict, Retryable, SluiceError
from chalicelib.imports.workspace import RequestWork
from chalicelib.model.imports import Import
from chalicelib.model.object_keys import kept_work_key
from chalicelib.model.status_changes import ImportChange
from chalicelib.stores.interfaces import Files, Imports

LOOK_EVERY_S = 5.0
"""How old a request's knowledge of its import may be: a cancel takes effect within this time and a write batch."""


class _PackedWork(TypedDict):
    """As the import has it."""

    work: bytes
    work_key: str


class AlreadyStored(SluiceError):
    """Raised where a request wants to store its import and an earlier request under its idempotency key has done so."""


class ImportState(Protocol):
    """How one import stands."""

    def find(self) -> Import | None:
        """Returns the import, None where it is gone."""

    def report(self, import_: Import) -> bool:
        """Does what `Imports.report` promises."""

    def change(self, change: ImportChange) -> Import | None:
        """Does what `Imports.change` promises."""


@dataclass(frozen=True, slots=True)
class StoredState:
    """Keeps `ImportState` in the store alone."""

    imports: Imports
    import_: Import

    def find(self) -> Import | None:
        """Does what `ImportState.find` says."""
        return self.imports.find(self.import_.tenant_id, self.import_.import_id)

    def report(self, import_: Import) -> bool:
        """Does what `ImportState.report` says."""
        return self.imports.report(import_)

    def change(self, change: ImportChange) -> Import | None:
        """Does what `ImportState.change` says."""
        return self.imports.change(self.import_.tenant_id, self.import_.import_id, change)


@dataclass(kw_only=True)
class RequestState:
    """Keeps `ImportState` for the request that runs the import, and the import's work with it."""

    imports: Imports
    files: Files
    now: Callable[[], float]
    begin_work: Callable[[], None]
    """Called before the first write."""
    item_bytes: int
    """Up to which size work is kept in the item of the import."""
    import_: Import
    """As the request knows it."""
    work: RequestWork
    attempt_id: str
    """Names what this request keeps; never the same twice."""
    is_stored: bool = False
    is_watched: bool = False
    """A state machine is to go on with the import: the reaper finds out if the request dies before it has started
    it."""
    _kept_changes: int = -1
    _looked_at: float = 0.0

    def find(self) -> Import | None:
        """Returns the import as it is known; looks it up where that is older than `LOOK_EVERY_S`."""
        if not self.is_stored or self.now() - self._looked_at < LOOK_EVERY_S:
            return self.import_
        stored = self.imports.find(self.import_.tenant_id, self.import_.import_id)
        if stored is None or stored.is_final:
            return stored
        self._looked_at = self.now()
        known = self.import_
        self.import_ = replace(
            stored,
            phases=known.phases,
            stats=known.stats,
            findings=known.findings,
            columns=known.columns,
            problem_counts=known.problem_counts,
        )
        return self.import_

    def report(self, import_: Import) -> bool:
        """Takes phases, stats and what was found; they are stored with the next write."""
        self.import_ = import_
        return True

    def keep(self) -> None:
        """Stores the import and its work, unless all of it is stored. Raises AlreadyStored, and Retryable where the
        import has ended meanwhile.
        """
        if self._kept_changes == self.work.changes:
            return
        self.import_ = replace(self.import_, **self._packed_work())
        if not self.is_stored:
            self._add(self.import_)
        elif not self.imports.report(self.import_):
            raise Retryable(f"import {self.import_.import_id} has ended meanwhile")
        self._note_kept()

    def change(self, change: ImportChange) -> Import | None:
        """Stores a final status, with everything that the request knows of the import."""
        whole = replace(change, **self._packed_work())
        if not self.is_stored:
            ended = whole.applied_to(self.import_)
            assert ended is not None, "an import that is not stored can end in any way"
            self._add(ended)
        else:
            ended = self.imports.end(self.import_, whole)
            ended = ended or self.imports.change(self.import_.tenant_id, self.import_.import_id, whole)
        self._looked_at = 0.0
        self.import_ = ended or self.import_
        return ended

    def _add(self, import_: Import) -> None:
        self.begin_work()
        if not self.imports.add(import_, is_watched=self.is_watched and not import_.is_final):
            raise AlreadyStored(f"import {import_.import_id} is stored already")
        self.is_stored = True

    def _note_kept(self) -> None:
        self._kept_changes, self._looked_at = self.work.changes, self.now()

    def _packed_work(self) -> _PackedWork:
        """An object is written before the item that names it, and never again: what loses a race is read by nobody."""
        packed = self.work.pack()
        if len(packed) <= self.item_bytes:
            return {"work": packed, "work_key": ""}
        self.begin_work()
        name = f"{self.attempt_id}.{self.work.changes}"
        key = kept_work_key(self.import_.tenant_id, self.import_.import_id, name)
        self.files.write_file(key, packed)
        return {"work": b"", "work_key": key}


def find_stored(imports: Imports, import_: Import) -> Import:
    """Returns the import that an earlier request has stored. Raises Conflict where it was deleted."""
    found = imports.find(import_.tenant_id, import_.import_id)
    if found is None:
        raise Conflict("already_ended", "The import was deleted.")
    return found
