"""An import whose whole road lies inside the request."""

import pytest

from chalicelib.errors import Conflict, Fatal, Refused, Retryable
from chalicelib.imports.create import inline_source, run_import
from chalicelib.imports.request import ImportRequest
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Action, DuplicateHandling, Import, Stats, Status
from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.row_rules import RowRules
from chalicelib.model.rows import Outcome
from tests.world import NOW, OURS, World

RULES = RowRules(matches_any_field=True)
WANTED = ImportRequest(
    dialect="kasar",
    resource="contacts",
    action=Action.CREATE,
    duplicate_handling=DuplicateHandling.USE_FIRST,
    rules=RULES,
)
ROWS = inline_source([{"name": "Ann"}, {"name": "Bob"}])


def test_its_answer_has_the_outcome_of_every_row() -> None:
    world = World(Limits(sync_import_time_s=9))

    arrived = run_import(world.context, world.caller(), WANTED, ROWS)

    assert [one.outcome for one in arrived.outcomes] == [Outcome.CREATED, Outcome.CREATED]
    assert (arrived.import_.status, arrived.import_.deadline_at) == (Status.COMPLETED, NOW + 9)
    assert (arrived.import_.action, arrived.import_.rules) == (Action.CREATE, RULES)
    assert world.started == []


def test_an_import_that_came_to_no_good_end_is_an_error() -> None:
    world = World()
    world.runner.run_ends_as = Status.FAILED

    with pytest.raises(Fatal):
        run_import(world.context, world.caller(), WANTED, ROWS)


@pytest.mark.parametrize("ends_as", [Status.TIMED_OUT, Status.PROCESSING])
@pytest.mark.parametrize(
    "stats",
    [
        pytest.param(Stats(), id="nothing was read"),
        pytest.param(Stats(total=2), id="nothing was written"),
        pytest.param(Stats(total=2, failed=1), id="a row has failed"),
    ],
)
def test_an_import_whose_time_was_over_before_it_wrote_may_be_tried_again(ends_as: Status, stats: Stats) -> None:
    world = World()
    world.runner.run_ends_as, world.runner.run_counts = ends_as, stats

    with pytest.raises(Retryable):
        run_import(world.context, world.caller(), WANTED, ROWS)


@pytest.mark.parametrize("ends_as", [Status.TIMED_OUT, Status.PROCESSING])
def test_rows_that_were_not_reached_in_time_have_failed(ends_as: Status) -> None:
    world = World()
    world.runner.run_ends_as, world.runner.run_counts = ends_as, Stats(total=3, created=2)

    arrived = run_import(world.context, world.caller(), WANTED, ROWS)

    assert [one.outcome for one in arrived.outcomes] == [Outcome.CREATED, Outcome.CREATED, Outcome.FAILED]
    assert [problem.code for problem in arrived.outcomes[2].problems] == [ProblemCode.TIME_LIMIT]
    assert (arrived.import_.stats.created, arrived.import_.stats.failed) == (2, 1)


def test_an_import_that_is_still_to_be_ended_is_told_by_its_rows() -> None:
    world = World()
    world.runner.run_ends_as, world.runner.run_counts = Status.PROCESSING, Stats(total=2, skipped=2)

    assert run_import(world.context, world.caller(), WANTED, ROWS).import_.stats.failed == 0


def test_an_import_that_somebody_canceled_is_a_conflict() -> None:
    world = World()
    world.runner.raises = Conflict("already_ended", "The import was canceled.")

    with pytest.raises(Conflict):
        run_import(world.context, world.caller(), WANTED, ROWS)


def test_a_source_that_is_no_source_is_refused_before_anything_is_written() -> None:
    world = World(Limits(inline_upload_bytes=3))

    with pytest.raises(Refused) as refusal:
        run_import(world.context, world.caller(), WANTED, ROWS)

    assert refusal.value.code == "too_large"
    assert world.stores.imports.list_page(OURS, page=1, per_page=10).total == 0


def find(world: World, import_id: str) -> Import:
    import_ = world.stores.imports.find(OURS, ImportId(import_id))
    assert import_ is not None
    return import_
