"""The lists of imports, or of exports: one for each tenant, in a `DatedList` by their facets.

Comes in: a job before and after a change. Goes out: what is written together with it, so that it stands where its
facets say, and is counted there, and what it has used is counted in its month. A job expires from its end on only, at a
moment that is known from its creation on.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic

from chalicelib.model.exports import Export
from chalicelib.model.ids import TenantId
from chalicelib.model.imports import Import
from chalicelib.model.list_filters import Facets, JobFilter
from chalicelib.model.retention import kept_until
from chalicelib.model.usage import usage_change
from chalicelib.stores.dynamodb.attributes import ItemValues
from chalicelib.stores.dynamodb.control_table import ControlTable
from chalicelib.stores.dynamodb.dated_list import DatedList
from chalicelib.stores.dynamodb.item_changes import Along, Counters, ItemChange, SameAs
from chalicelib.stores.dynamodb.job_items import ATTRIBUTE, SCHEMA_VERSION, is_newer
from chalicelib.stores.dynamodb.usage import counters_of_usage
from chalicelib.stores.interfaces import Listing
from chalicelib.stores.interfaces.jobs import JobT


@dataclass(frozen=True, slots=True)
class JobLists(Generic[JobT]):
    """The lists of jobs of one type, and the writes that keep them true."""

    table: ControlTable
    name: str
    kept_s: int
    facets_of: Callable[[JobT], Facets]
    from_values: Callable[[ItemValues | None], JobT | None]
    """Makes a job of its item; None of no item, and of one that is no job any more."""

    def of(self, tenant_id: TenantId) -> DatedList:
        """Returns the list of a tenant."""
        return DatedList(self.table, f"{self.name}#{tenant_id}")

    def list_page(self, tenant_id: TenantId, wanted: JobFilter, *, page: int, per_page: int) -> Listing[JobT]:
        """Returns a page of the jobs that the filter takes, newest first, and how many there are on all pages. What has
        changed since the list was written is judged as it is now; what newer code has written is left out.
        """
        listed = self.of(tenant_id)
        pks, total = listed.find_page(wanted.takes, page=page, per_page=per_page, since=wanted.since)
        stored = {pk: values for pk, values in self.table.find_many(pks).items() if not is_newer(values)}
        jobs = (self.from_values(stored.get(pk)) for pk in pks)
        return Listing(tuple(one for one in jobs if one is not None and wanted.takes(self.facets_of(one))), total=total)

    def add(
        self, job: JobT, pk: str, values: Mapping[str, Any], *, now: float, along: Iterable[ItemValues] = ()
    ) -> bool:
        """Writes a job with its keys, and the items `along`, and counts it. Returns False if its id is taken."""
        kept = kept_until(job.created_at, self.kept_s)
        item = {
            **{"pk": pk, "sk": "-", ATTRIBUTE: SCHEMA_VERSION},
            **{"kept_until": kept, "expires_at": kept if job.is_final else None},
            **self.of(job.tenant_id).keys_of(self.facets_of(job), job.created_at, pk, now),
            **values,
        }
        counters = [*self._counters(job, {self.facets_of(job): 1}), *_usage_counters(None, job)]
        counted = Along(put=along, counters=counters)
        return self.table.put_along(item, counted, condition="attribute_not_exists(#pk)")

    def change(self, before: JobT, after: JobT, change: ItemChange, along: Along) -> bool:
        """Makes a change, which must demand the status of `before`, and moves the job to where it is listed then.
        Returns whether the condition held.
        """
        facets = self.facets_of(after)
        changes: Counter[Facets] = Counter({facets: 1})
        changes.subtract({self.facets_of(before): 1})
        place = self.of(after.tenant_id).place_of(facets)
        kept = {"expires_at": SameAs("kept_until") if after.is_final else None}
        moved = change._replace(values={**change.values, **place, **kept})
        counters = [*self._counters(after, changes), *_usage_counters(before, after)]
        return self.table.set_along(moved, replace(along, counters=counters))

    def is_unlisted(self, stored: ItemValues) -> bool:
        """Returns whether an item is a job that does not stand where its facets say, and so is not counted there, as
        both are one write. Raises NewerSchema, and ValueError for an item that cannot be read.
        """
        job = self.from_values(stored)
        return job is not None and not self.of(job.tenant_id).place_of(self.facets_of(job)).items() <= stored.items()

    def enlist(self, stored: ItemValues) -> bool:
        """Lists and counts a job that was stored before lists were counted, and says when it expires. Returns whether
        it is as it was read; else nothing is changed.
        """
        if (job := self.from_values(stored)) is None:
            return False
        kept, facets = kept_until(job.created_at, self.kept_s), self.facets_of(job)
        values = {
            **{ATTRIBUTE: SCHEMA_VERSION, "kept_until": kept, "expires_at": kept if job.is_final else None},
            **self.of(job.tenant_id).keys_of(facets, job.created_at, stored["pk"]),
        }
        counted = Along(counters=self._counters(job, {facets: 1}))
        return self.table.set_along(ItemChange.of_item(stored, values), counted)

    def remove(self, job: JobT, pk: str, *, now: int, condition: str, parameters: Mapping[str, Any]) -> bool:
        """Writes a marker in place of a job, for as long as jobs are kept, and counts it off. The condition must demand
        its status. Returns whether it held.
        """
        marker = {"pk": pk, "sk": "-", "deleted_at": now, "expires_at": kept_until(now, self.kept_s)}
        counted = Along(counters=self._counters(job, {self.facets_of(job): -1}))
        return self.table.put_along(marker, counted, condition=condition, parameters=parameters)

    def _counters(self, job: JobT, changes: Mapping[Facets, int]) -> list[Counters]:
        expires_at = kept_until(job.created_at, self.kept_s)
        return list(self.of(job.tenant_id).counters_of(job.created_at, changes, expires_at))


def _usage_counters(before: Import | Export | None, after: Import | Export) -> list[Counters]:
    return counters_of_usage(after.tenant_id, usage_change(before, after))
