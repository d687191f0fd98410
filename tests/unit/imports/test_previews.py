"""A preview says what the import would do: every row's outcome, for every resource and action, on the same records; and
it writes nothing.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from random import Random
from typing import Any

import pytest

from chalicelib.imports.workspace import Workspace
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import TenantId
from chalicelib.model.imports import Action, Import, Status
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.records import Write, Written
from chalicelib.model.row_rules import MergeStrategy, RowRules
from chalicelib.model.rows import RowOutcome
from chalicelib.stores.memory import MemoryRecords
from tests.fuzzing import FUZZ
from tests.import_world import TENANT, ImportWorld
from tests.random_rows import random_rows

ROWS = 14
IN_BATCHES = Limits(small_source_bytes=0, batch_rows=5)
REFERRED = ("companies", "contacts", "customers", "users")


class WatchedRecords(MemoryRecords):
    """Counts what is written, and tells what is stored."""

    def __init__(self) -> None:
        super().__init__()
        self.writes = 0

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        self.writes += len(writes)
        return super().write_many(tenant_id, resource, writes, now_ms=now_ms)

    def contents(self) -> dict[str, Any]:
        """Returns all records, claims and match keys."""
        stored = {name: self._partitions[TENANT, name] for _, name in self._partitions}
        return {
            name: (dict(one.records), dict(one.claims), {key: [*ids] for key, ids in one.matches.items() if ids})
            for name, one in stored.items()
        }


def a_world(resource: str, seed: int, limits: Limits = DEFAULT_LIMITS) -> tuple[ImportWorld, WatchedRecords]:
    """Returns a world with records, the same for the same seed."""
    world, records = ImportWorld(limits=limits), WatchedRecords()
    world.stores = replace(world.stores, records=records)
    world.machine = replace(world.machine, stores=world.stores)
    chance = Random(seed)
    for name in dict.fromkeys([*REFERRED, resource]):
        world.run(as_source(random_rows(RESOURCES[name], chance, ROWS)), resource=name)
    return world, records


def as_source(rows: Iterable[dict[str, Any]]) -> str:
    return "\n".join(map(json.dumps, rows))


def named_by(resource: str) -> tuple[str, ...]:
    """The fields of a resource that may create the records they name."""
    return tuple(one.field for one in RESOURCES[resource].references if one.creates_missing)


def outcomes(world: ImportWorld, import_: Import) -> list[RowOutcome]:
    workspace = Workspace(world.stores.files, import_, attempt_id="")
    found = [
        one
        for batch in workspace.get_batches()
        for phase in workspace.row_phases
        for one in workspace.each_outcome(phase, batch)
    ]
    return sorted(found, key=lambda one: one.row_number)


def facts_of(world: ImportWorld, import_: Import) -> dict[str, Any]:
    """What is told of an import, and of each of its rows."""
    return {
        "status": (import_.status, import_.reason),
        "stats": import_.stats,
        "problems": import_.problem_counts,
        "findings": import_.findings,
        "outcomes": [replace(one, version=None) for one in outcomes(world, import_)],
        "errors": world.errors(import_) if import_.has_errors_file else [],
        "phases": [
            (one.name, one.status, one.total, one.success, one.error)
            for one in import_.phases
            if one.name != "cleanup"  # which looks at the records that the import has made, too
        ],
    }


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("resource", RESOURCES)
def test_a_preview_tells_what_the_import_would_do_and_writes_nothing(resource: str, action: Action) -> None:
    """Rows of different batches that want one address race for it: those that name a record by the one it has so far
    stand in one batch here. Two strategies, and for the next action the others; `make fuzz` takes all.
    """
    has_stand_ins = bool(RESOURCES[resource].stand_ins)
    first = 2 * (([*RESOURCES].index(resource) + [*Action].index(action)) % 2)
    strategies = enumerate(MergeStrategy)
    for seed, strategy in strategies if FUZZ else islice(strategies, first, first + 2):
        limits = DEFAULT_LIMITS if seed % 2 or has_stand_ins else IN_BATCHES
        rows = random_rows(RESOURCES[resource], Random(-seed - 1), ROWS)
        rules = RowRules(strategy=strategy, create_missing=named_by(resource) if limits is DEFAULT_LIMITS else ())
        wanted: dict[str, Any] = {"resource": resource, "action": action, "rules": rules}
        previewing, records = a_world(resource, seed, limits)
        importing, _ = a_world(resource, seed, limits)
        before, writes = records.contents(), records.writes

        preview = previewing.run(as_source(rows), is_preview=True, **wanted)
        import_ = importing.run(as_source(rows), **wanted)

        assert facts_of(previewing, preview) == facts_of(importing, import_)
        assert (records.contents(), records.writes) == (before, writes)


def test_a_preview_counts_what_an_overwrite_would_clean_up() -> None:
    world, _ = a_world("companies", 1)
    before = len(world.records("companies"))

    preview = world.run("name,domain\nNew One,new.example\n", resource="companies", action="overwrite", is_preview=True)

    assert preview.status is Status.COMPLETED
    assert (preview.stats.created, preview.stats.overwritten) == (1, before)
    assert [one.status for one in preview.phases][-2:] == ["completed", "completed"]
    assert len(world.records("companies")) == before


def test_a_preview_fixes_no_number_of_shards() -> None:
    world, records = ImportWorld(), WatchedRecords()
    world.machine = replace(world.machine, stores=replace(world.stores, records=records))

    world.run("name,email\nJane,jane@x.com\n", is_preview=True)

    assert records.contents() in ({}, {"customers": ({}, {}, {})})
    assert all(one.shards is None for one in records._partitions.values())


def test_rows_that_follow_each_other_are_previewed_in_their_order() -> None:
    """The second row takes the address that the first one gives up, the third one that of the fourth."""
    source = (
        "current_email,email,full_name\n"
        "a@x.com,b@x.com,Ann\nc@x.com,a@x.com,Cy\ne@x.com,f@x.com,Eve\nf@x.com,g@x.com,Fay\n"
    )

    previewed, done = ImportWorld(), ImportWorld()
    for world in (previewed, done):
        world.run("email,full_name\na@x.com,Ann\nc@x.com,Cy\ne@x.com,Eve\nf@x.com,Fay\n", resource="users")
    preview = previewed.run(source, resource="users", is_preview=True)
    import_ = done.run(source, resource="users")

    assert [one.outcome for one in outcomes(previewed, preview)] == ["updated", "updated", "failed", "updated"]
    assert facts_of(previewed, preview) == facts_of(done, import_)


class ReadOnlyRecords(MemoryRecords):
    """Raises where anything is written."""

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        raise AssertionError(f"{len(writes)} writes")


def test_no_phase_of_a_preview_can_write() -> None:
    """Not even one that creates what a row refers to and is missing."""
    world = ImportWorld()
    world.machine = replace(world.machine, stores=replace(world.stores, records=ReadOnlyRecords()))

    preview = world.run(
        "name,email,company_name\nAnn,ann@x.com,Acme\n",
        resource="contacts",
        rules=RowRules(create_missing=("company_name",)),
        is_preview=True,
    )

    assert (preview.status, preview.stats.created) == (Status.COMPLETED, 1)
