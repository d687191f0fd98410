"""A world in which imports are tried again: an import of a file, and retries of it, all through the real machine."""

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.imports.retry import Correction, RetryRequest, retry
from chalicelib.imports.row_reader import ListedRow
from chalicelib.imports.row_selection import RowFilter
from chalicelib.imports.rows import list_rows
from chalicelib.imports.uploads import receive_file
from chalicelib.model.imports import Import
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.rows import Outcome
from tests.import_world import run_import
from tests.real_pipeline import connect_pipeline
from tests.world import OURS, World


def imported(world: World, source: bytes, import_id: str = "imp_root", **options: Any) -> Import:
    """Imports a file, and returns the import as it ended."""
    connect_pipeline(world)
    import_ = world.add_import(import_id=import_id, **options)
    file = world.uploaded(import_, source)
    receive_file(world.context, file.key, file.version_id)
    return run(world, import_)


def run(world: World, import_: Import) -> Import:
    """Runs a queued import to its end, and returns it."""
    run_import(connect_pipeline(world), world.stored_import(import_))
    return world.stored_import(import_)


def retried(
    world: World,
    root: Import,
    rows: Mapping[int, Mapping[str, Any]] | None = None,
    include: Iterable[str] = ("failed",),
    **options: Any,
) -> Import:
    """Tries rows of an import again, with corrections by row number, and returns the retry as it ended."""
    return run(world, requested_again(world, root, rows, include, **options))


def requested_again(
    world: World,
    root: Import,
    rows: Mapping[int, Mapping[str, Any]] | None = None,
    include: Iterable[str] = ("failed",),
    **options: Any,
) -> Import:
    """Asks for a retry, and returns it as it was answered: it has not begun."""
    corrections = [Correction(row_number=number, values=dict(values)) for number, values in (rows or {}).items()]
    wanted = RetryRequest(include=frozenset(map(Outcome, include)), corrections=corrections, **options)
    return retry(world.context, world.caller(), root.import_id, wanted)


def rows_of(world: World, import_: Import, **filter_: Any) -> list[ListedRow]:
    """Returns the rows of an import that has ended."""
    found = list_rows(world.context, import_, RowFilter(**filter_), cursor=None, limit=500)
    return [*found.rows]


def outcomes_of(world: World, import_: Import) -> dict[int, str]:
    """Returns what became of the rows of an import, by number."""
    return {row.number: row.outcome.outcome.value for row in rows_of(world, import_) if row.outcome}


def codes_of(world: World, import_: Import) -> dict[int, list[str]]:
    """Returns the codes of what is wrong with rows of an import, by number."""
    return {
        row.number: [one.code.value for one in row.outcome.problems]
        for row in rows_of(world, import_)
        if row.outcome and row.outcome.problems
    }


def facts_of(world: World, import_: Import, **filter_: Any) -> dict[int, dict[str, Any]]:
    """Returns the facts of the last problem of rows of an import, by number."""
    found = rows_of(world, import_, **filter_)
    return {row.number: dict(row.outcome.problems[-1].facts) for row in found if row.outcome and row.outcome.problems}


def records(world: World, resource: str = "contacts") -> dict[str, dict[str, Any]]:
    """Returns the fields of all records, by id."""
    shards = world.stores.records.shard_count(OURS, resource)
    found = [one for shard in range(shards) for one in world.stores.records.each_record(OURS, resource, shard)]
    return {one.record_id: one.fields for one in found if not one.is_deleted}


IN_BATCHES = Limits(small_source_bytes=0, batch_rows=3, split_bytes=64)
"""So small that a short file is read in several splits and batches."""

IN_MEMORY = DEFAULT_LIMITS
IN_ONE_TASK = Limits(held_source_bytes=0)
