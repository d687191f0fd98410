"""How an import stands, for those that run it: in the store, or inside the one function that runs it by itself.

Such a function, a request or the one that runs all phases of a small import, reports its phases to itself, and writes
as little as its promises need:

    before the first record is written   the import, processing, with all that its rows mean
    at the end                           its final status, counts, what became of each row, and that it is to be told

What was worked out until then is kept with it (`workspace/held_work.py`), so that a crash in between is counted
truthfully, and a repeat goes on from there (ADR 18). Only one of several that go on with the same work can keep more of
it (ADR 43).
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol, TypedDict

from chalicelib.errors import Conflict, Retryable, SluiceError
from chalicelib.imports.workspace import HeldWork
from chalicelib.model.imports import Import, PhaseStatus
from chalicelib.model.object_keys import kept_work_key
from chalicelib.model.phases import spec_of
from chalicelib.model.status_changes import ImportChange
from chalicelib.stores.interfaces import Files, Imports

LOOK_EVERY_S = 5.0
"""How old a request's knowledge of its import may be: a cancel takes effect within this time and a write batch."""
OTHERS_WAIT_S = 1.0
"""How long others wait who look at an import, or cancel it, that a function of the state machine holds."""


class _PackedWork(TypedDict):
    """As the import has it."""

    work: bytes
    work_key: str


def _begin_nothing() -> None: ...


class AlreadyStored(SluiceError):
    """Raised where a request wants to store its import and an earlier request under its idempotency key has done so."""


class KeptByOthers(Retryable):
    """Raised where somebody else has gone on with the work of an import, or ended it: what was kept of it counts."""


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
class HeldState:
    """Keeps `ImportState` for the function that runs the import by itself, and the import's work with it."""

    imports: Imports
    files: Files
    now: Callable[[], float]
    begin_work: Callable[[], None] = _begin_nothing
    """Called before the first write."""
    item_bytes: int
    """Up to which size work is kept in the item of the import."""
    import_: Import
    """As the function knows it."""
    work: HeldWork
    attempt_id: str
    """Names what this function keeps; never the same twice."""
    is_stored: bool = False
    is_watched: bool = False
    """A state machine is to go on with the import: the reaper finds out if the request dies before it has started
    it."""
    is_shared: bool = False
    """Others look at the import all the time: they are told how far it has come, and where one cancels it nothing more
    is written but the batch that is on its way."""
    looked_at: float = 0.0
    """When the import was last read."""
    _kept_changes: int = -1
    _told_at: float = field(init=False)
    _may_be_outdated: bool = False

    def __post_init__(self) -> None:
        self._told_at = self.looked_at

    def find(self) -> Import | None:
        """Returns the import as it is known; looks it up where that is older than `LOOK_EVERY_S`, and where others are
        at it between writes.
        """
        if not self.is_stored or not self._must_look():
            return self.import_
        stored = self.imports.find(self.import_.tenant_id, self.import_.import_id)
        if stored is None or stored.is_final:
            return stored
        self.looked_at, self._may_be_outdated = self.now(), False
        known = self.import_
        self.import_ = replace(
            stored,
            phases=known.phases,
            stats=known.stats,
            findings=known.findings,
            columns=known.columns,
            problem_counts=known.problem_counts,
            work=known.work,
            work_key=known.work_key,
            work_revision=known.work_revision,
        )
        return self.import_

    def _must_look(self) -> bool:
        is_old = self.now() - self.looked_at >= (OTHERS_WAIT_S if self.is_shared else LOOK_EVERY_S)
        return is_old or (self.is_shared and self._may_be_outdated)

    def report(self, import_: Import) -> bool:
        """Takes phases, stats and what was found; they are stored with the next write, or where others have waited for
        them.
        """
        self.import_ = import_
        if self.is_shared and _writes_now(import_):
            self._may_be_outdated = True
        if not self.is_shared or self.now() - self._told_at < OTHERS_WAIT_S:
            return True
        self._told_at = self.now()
        return self.imports.report(import_)

    def keep(self) -> None:
        """Stores the import and its work, unless all of it is stored. Raises AlreadyStored and KeptByOthers."""
        self._may_be_outdated = True
        if self._kept_changes == self.work.changes:
            return
        self.import_ = replace(self.import_, **self._packed_work())
        if not self.is_stored:
            self._add(self.import_)
        else:
            self._keep_more()
        self._kept_changes, self.looked_at = self.work.changes, self.now()

    @property
    def has_kept(self) -> bool:
        """Whether anything of the work is stored."""
        return self._kept_changes >= 0

    def _keep_more(self) -> None:
        kept = self.imports.keep_work(self.import_)
        if kept is None:
            raise KeptByOthers(f"import {self.import_.import_id} was gone on with, or ended")
        self.import_ = replace(kept, work=None)
        self._told_at = self.now()

    def change(self, change: ImportChange) -> Import | None:
        """Stores a final status, with everything that the request knows of the import."""
        whole = replace(change, **self._packed_work())
        if not self.is_stored:
            ended = whole.applied_to(self.import_)
            assert ended is not None, "an import that is not stored can end in any way"
            self._add(ended)
        else:
            ended = self.imports.change_known(self.import_, whole, is_watched=self.is_shared)
            ended = ended or self.imports.change(self.import_.tenant_id, self.import_.import_id, whole)
        self.looked_at = 0.0
        self.import_ = ended or self.import_
        return ended

    def _add(self, import_: Import) -> None:
        self.begin_work()
        if not self.imports.add(import_, is_watched=self.is_watched and not import_.is_final):
            raise AlreadyStored(f"import {import_.import_id} is stored already")
        self.is_stored = True

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


def _writes_now(import_: Import) -> bool:
    return any(one.status is PhaseStatus.PROCESSING and spec_of(one.name).writes_records for one in import_.phases)


def find_stored(imports: Imports, import_: Import) -> Import:
    """Returns the import that an earlier request has stored. Raises Conflict where it was deleted."""
    found = imports.find(import_.tenant_id, import_.import_id)
    if found is None:
        raise Conflict("already_ended", "The import was deleted.")
    return found
