"""Every sub-partition marks the duplicates among its own keys, and all of them together mark each duplicate."""

import pytest

from chalicelib.imports.pipeline import TASKS, record_committed_attempts, run_phases, tasks_of
from chalicelib.imports.tasks.batches import get_duplicates
from chalicelib.model.limits import Limits
from chalicelib.model.phases import PhaseName
from tests.import_world import ImportWorld
from tests.task_contexts import started_context

PEOPLE = "name,email\n" + "".join(f"Person {number},p{number % 30}@x.com\n" for number in range(60))


@pytest.mark.parametrize(
    "limits", [Limits(), Limits(small_source_bytes=0, sub_partition_keys=3)], ids=["one task", "sub-partitions"]
)
def test_each_repeated_identity_is_marked_once(limits: Limits) -> None:
    world = ImportWorld(limits=limits)
    context = started_context(world, world.queue(PEOPLE))
    run_phases(context, until=PhaseName.PREVALIDATION)

    results = [TASKS[PhaseName.PREPARSING](context, task) for task in tasks_of(context, PhaseName.PREPARSING)]
    record_committed_attempts(context, PhaseName.PREPARSING, results)

    assert sum(one.left for one in results) == 30
    marked = get_duplicates(context, PhaseName.PREPARSING, 0)
    assert {number: one.other for number, one in marked.items()} == {number: number - 30 for number in range(31, 61)}


def test_rows_that_mean_one_record_by_different_identities_are_marked_by_parsing() -> None:
    world = ImportWorld()
    world.run("external_id,name,email\nx1,Ann,ann@x.com\n")
    source = '[{"external_id": "x1", "name": "A"}, {"email": "ann@x.com", "name": "B"}]'
    context = started_context(world, world.queue(source))
    run_phases(context, until=PhaseName.TRANSFORMING)

    results = [TASKS[PhaseName.PARSING](context, task) for task in tasks_of(context, PhaseName.PARSING)]
    record_committed_attempts(context, PhaseName.PARSING, results)

    assert [*get_duplicates(context, PhaseName.PARSING, 0)] == [2]
