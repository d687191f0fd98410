"""Imports, what their tasks report, the machine that drives them, and the slots in which they run."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Import, StatusChange
from chalicelib.model.phases import PhaseName
from chalicelib.model.problems import Problem
from chalicelib.model.task_results import TaskResult


@dataclass(frozen=True, slots=True)
class Listing:
    """One numbered page of imports."""

    imports: tuple[Import, ...]
    total: int
    """How many there are on all pages."""


class Imports(Protocol):
    """Imports by tenant and id, and by time."""

    def add(self, import_: Import) -> bool:
        """False if an import of this tenant and id exists already: then nothing changes."""

    def find(self, tenant_id: TenantId, import_id: ImportId) -> Import | None: ...

    def list_page(
        self,
        tenant_id: TenantId,
        *,
        page: int,
        per_page: int,
        resources: frozenset[str] | None = None,
        since: int = 0,
    ) -> Listing:
        """Newest first, also within a second; `page` counts from 1; only imports of `resources` where given, and only
        those created at `since` or later. A moment behind `add`.
        """

    def change(self, tenant_id: TenantId, import_id: ImportId, change: StatusChange) -> Import | None:
        """The import afterwards; None, and nothing changed, unless the stored status is one of `PREDECESSORS[to]` and
        the stored attempt is the one given, if any is.
        """

    def report(self, import_: Import) -> bool:
        """Writes phases, stats and `updated_at` while the stored status is processing or canceling and the attempt is
        the same. Never touches the status. False if it was refused.
        """

    def rename(self, tenant_id: TenantId, import_id: ImportId, name: str | None, *, by: str, at: int) -> bool:
        """False if there is no such import."""

    def note(self, import_: Import, notes: tuple[Problem, ...]) -> bool:
        """Replaces the notes, whatever the status. False, and nothing changed, if there is no such import or its notes
        are no longer those of `import_`.
        """

    def delete(self, tenant_id: TenantId, import_id: ImportId) -> bool:
        """Removes a final import from every list, while its id stays taken; False if it is absent or not final."""

    def each_due(self, now: int) -> Iterator[tuple[TenantId, ImportId]]:
        """Imports whose upload window or deadline ended before `now` and that have no final status.

        Every import is watched from `add` on, until `change` makes it final.
        """

    def each_owed(self, before: int) -> Iterator[Import]:
        """Final imports of which nobody may have been told, though they ended before `before`.

        `change` writes `announce_due` together with the final status, so that none is missing here.
        """

    def settle(self, import_: Import) -> None:
        """It has been told: takes `announce_due` away, unless another ending has written it anew."""


class TaskResults(Protocol):
    """Results of tasks, written once each."""

    def put_once(self, import_id: ImportId, attempt: int, result: TaskResult) -> bool:
        """False if this task of this attempt has a result already, which then stands."""

    def find_result(self, import_id: ImportId, attempt: int, phase: PhaseName, task: int) -> TaskResult | None: ...

    def list_results(self, import_id: ImportId, attempt: int, phase: PhaseName) -> list[TaskResult]:
        """Strongly consistent, ordered by task."""


class Machine(Protocol):
    """The state machine that drives async imports."""

    def start(self, import_: Import) -> None:
        """Idempotent by import and attempt."""

    def stop(self, import_: Import, *, cause: str) -> None:
        """Ends the execution if it runs; what its tasks do meanwhile, their own conditions decide."""


class Slots(Protocol):
    """Which imports of a tenant run, and which wait for one of its `slots`."""

    def take(self, tenant_id: TenantId, import_id: ImportId, *, slots: int) -> bool:
        """Whether the import has a slot now, or had one before; never more than `slots` imports have one at once."""

    def leave(self, tenant_id: TenantId, import_id: ImportId, *, slots: int) -> None:
        """Gives back whatever slot the import has."""

    def list_holders(self, tenant_id: TenantId, *, slots: int) -> list[ImportId]: ...

    def wait(self, tenant_id: TenantId, import_id: ImportId, *, since: int) -> None: ...

    def stop_waiting(self, tenant_id: TenantId, import_id: ImportId, *, since: int) -> None: ...

    def each_waiting(self, tenant_id: TenantId) -> Iterator[tuple[int, ImportId]]:
        """Since when, and which import; who has waited longest comes first."""

    def list_tenants(self) -> list[TenantId]:
        """For whom somebody waits."""
