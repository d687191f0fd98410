"""Imports, and what their tasks report."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Protocol

from chalicelib.model.children import Occupation
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Import, Status
from chalicelib.model.list_filters import EVERY_IMPORT, ImportFilter
from chalicelib.model.phases import PhaseName
from chalicelib.model.problems import Problem
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.task_results import TaskResult
from chalicelib.stores.interfaces.jobs import JobStore
from chalicelib.stores.interfaces.listing import Listing

REPORTED = ("phases", "stats", "findings", "columns", "problem_counts", "updated_at")
"""The fields that tell how far an import has come, and what was found until then."""

KEPT = (*REPORTED, "work", "work_key")
"""Those, and the work that one function has done of it by itself."""

REDRIVEN = (
    *("status", "attempt", "reason", "ended_at", "queued_at", "deadline_at", "end_tries", "postponed_until"),
    *("source_until", "updated_at", "updated_by", "canceled_by", "canceled_at", "phases"),
)
"""The fields that differ from one attempt at an import to the next."""

NOTHING: Mapping[str, Any] = MappingProxyType({})
"""No values beside."""


class Imports(JobStore[Import, ImportId, ImportChange], Protocol):
    """The imports by tenant and id, and by time. An import is due when its upload window or its deadline is over and it
    has no final status.
    """

    def add(self, import_: Import, /, *, is_watched: bool = False) -> bool:
        """Does what `JobStore.add` promises; `is_watched` also does what `watch` does, in the same step."""

    def change(self, tenant_id: TenantId, import_id: ImportId, change: ImportChange, /) -> Import | None:
        """Does what `JobStore.change` promises; `change.is_watched` also does what `watch` does, in the same step."""

    def list_page(
        self, tenant_id: TenantId, wanted: ImportFilter = EVERY_IMPORT, *, page: int, per_page: int
    ) -> Listing[Import]:
        """Returns a page of the imports that the filter takes, newest first, also within a second, and how many there
        are on all pages; `page` counts from 1. A moment behind what is written, and without those that have expired.
        Costs the same for any filter, any page and any number of imports, and the keys of those that lie in the same
        hours as the page.
        """

    def count_statuses(self, tenant_id: TenantId, *, since: int) -> dict[Status, int]:
        """Returns how many imports created since the day (UTC) in which `since` lies have which status; without those
        that none has. Previews count. One query.
        """

    def change_known(self, import_: Import, change: ImportChange, *, is_watched: bool = False) -> Import | None:
        """Does what `change` does in one step, for a caller that knows how the import is stored, and, where the change
        ends it, by `is_watched` whether it may be watched. Returns None, and changes nothing, unless status, attempt
        and deadline are those of `import_` and nobody has tried to end it: then `change` tells more.
        """

    def report(self, import_: Import) -> bool:
        """Writes the fields of `REPORTED` while the stored status is processing or canceling and the attempt is the
        same. Never touches the status. Returns False if it was refused.
        """

    def keep_work(self, import_: Import) -> Import | None:
        """Writes the fields of `KEPT` under the same conditions, counts the revision of the work up, and returns the
        import afterwards. Returns None, and changes nothing, also where that revision is no longer the one of
        `import_`: somebody else has kept work meanwhile.
        """

    def occupy(self, tenant_id: TenantId, import_id: ImportId, occupation: Occupation) -> Import | None:
        """Makes an import busy and returns it afterwards. Returns None, and changes nothing, unless it has a final
        status, is busy with nothing, and what the occupation demands of its fields holds.
        """

    def release(
        self, tenant_id: TenantId, import_id: ImportId, child_id: ImportId, values: Mapping[str, Any] = NOTHING
    ) -> Import | None:
        """Notes that an import is no longer busy with this child, with the values of fields that the child tells it,
        and returns it afterwards. Returns None, and changes nothing, unless it is busy with it.
        """

    def redrive(self, again: Import) -> Import | None:
        """Begins the next attempt at an import that has ended: stores it as `again` has it, queued, watched, and due
        at its deadline; all in one step. Returns it afterwards. Returns None, and changes nothing, unless the stored
        one has a final status, the attempt before that of `again`, is busy with nothing, has been published, and
        neither was undone nor had rows tried again.
        """

    def discard(self, tenant_id: TenantId, import_id: ImportId) -> bool:
        """Removes an import that is requested as `delete` removes one that has ended. Returns False, and removes
        nothing, if it is absent or has another status.
        """

    def revise(self, import_: Import, values: Mapping[str, Any]) -> Import | None:
        """Writes fields of an import that is requested, counts its revision up, and returns the import afterwards.
        Returns None, and changes nothing, if its status is another, or its revision no longer that of `import_`. One
        that becomes held is due and unpublished in the same step; it is listed as what it is then.
        """

    def each_kept_source(self, before: int) -> Iterator[Import]:
        """Yields imports that have ended and whose `source_until` lies before `before`, of all tenants, those whose
        time has been over longest first. None is ever missing.
        """

    def forget_source(self, import_: Import) -> None:
        """Takes `source_until` away, unless it is no longer that of `import_`: its source is gone, or in the care of
        another import.
        """

    def note(self, import_: Import, notes: tuple[Problem, ...]) -> bool:
        """Replaces the notes, whatever the status. Returns False, and changes nothing, if there is no such import or
        its notes are no longer those of `import_`.
        """


class TaskResults(Protocol):
    """The results of tasks, each written once."""

    def put_once(self, import_id: ImportId, attempt: int, result: TaskResult) -> bool:
        """Stores the result of a task. Returns False, and changes nothing, if this task of this attempt has one
        already.
        """

    def find_result(self, import_id: ImportId, attempt: int, phase: PhaseName, task: int) -> TaskResult | None:
        """Returns the result of one task, or None. The read is strongly consistent."""

    def list_results(self, import_id: ImportId, attempt: int, phase: PhaseName) -> list[TaskResult]:
        """Returns the results of a phase that are there, ordered by task. The read is strongly consistent."""
