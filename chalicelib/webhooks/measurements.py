"""What is measured of imports and exports that have ended, for the metrics of a stack.

Comes in: the body of an event that comes back from the event bus, whoever has ended the job. Goes out: numbers under
dimensions that have few values each: resources of the catalogue, outcomes, statuses, phases and codes of problems. No
tenant is one of them, nor anything that customers name. An event may come twice, and is measured twice then: metrics
are for looking, `stores.usage` is for bills.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from chalicelib.log_keys import add_log_keys
from chalicelib.model.events import JobKind
from chalicelib.model.exports import Export
from chalicelib.model.ids import ExportId, ImportId, TenantId
from chalicelib.model.imports import Import
from chalicelib.model.rows import Outcome
from chalicelib.stores.interfaces import Stores

EXPORTED = "exported"
"""What became of the rows of an export, beside the outcomes of rows."""


class Measurement(NamedTuple):
    """A number under its dimensions. A metric is the same name with the same dimensions."""

    name: str
    value: float
    dimensions: Mapping[str, str]


def measured_end(stores: Stores, body: Mapping[str, Any]) -> list[Measurement]:
    """Returns what is measured of the job that the event is about; nothing where it is gone, or goes on, or the event
    tells of another attempt.
    """
    tenant_id, job_id = TenantId(body["tenant_id"]), body["id"]
    add_log_keys({"tenant_id": tenant_id, f"{body['object']}_id": job_id})
    if body["object"] == JobKind.IMPORT:
        import_ = stores.imports.find(tenant_id, ImportId(job_id))
        is_meant = import_ is not None and import_.is_final and import_.attempt == body["attempt"]
        return [*each_measurement(import_)] if import_ is not None and is_meant else []
    export = stores.exports.find(tenant_id, ExportId(job_id))
    return [*each_measurement(export)] if export is not None and export.is_final else []


def each_measurement(job: Import | Export) -> Iterator[Measurement]:
    """Yields what is measured of a job that has ended. Rows of a preview have come to nothing, and are left out."""
    kind = JobKind.IMPORT if isinstance(job, Import) else JobKind.EXPORT
    yield Measurement("JobsEnded", 1, {"job": kind.value, "status": job.status.value})
    if isinstance(job, Export):
        yield from _rows(job.resource, {EXPORTED: job.progress.rows or 0})
        return
    yield from (
        Measurement("PhaseSeconds", one.ended_at - one.started_at, {"phase": one.name.value})
        for one in job.phases
        if one.started_at is not None and one.ended_at is not None
    )
    if not job.is_preview:
        yield from _rows(job.resource, {one.value: getattr(job.stats, one.value) for one in Outcome})
        yield from (Measurement("Problems", count, {"code": code}) for code, count in job.problem_counts.items())


def _rows(resource: str, by_outcome: Mapping[str, int]) -> Iterator[Measurement]:
    return (
        Measurement("Rows", count, {"resource": resource, "outcome": outcome})
        for outcome, count in by_outcome.items()
        if count
    )
