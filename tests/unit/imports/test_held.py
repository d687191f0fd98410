"""An import that is held: it waits with its source, its options change, and it is let go."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson
import pytest

from chalicelib.errors import Conflict, NotFound, Refused, Retryable
from chalicelib.imports import service
from chalicelib.imports.held import change_options, hold, let_go
from chalicelib.imports.reaper import reap_imports
from chalicelib.imports.uploads import receive_file
from chalicelib.lifecycle.reaper import Run
from chalicelib.maintenance import reap_all
from chalicelib.model.guard_rails import Tolerance
from chalicelib.model.ids import ImportId
from chalicelib.model.import_options import ImportOptions
from chalicelib.model.imports import Action, Import, Source, Status
from chalicelib.model.limits import Limits
from chalicelib.model.reading_options import ReadingOptions
from chalicelib.model.retention import DAY_S
from chalicelib.model.row_rules import MergeRule
from chalicelib.stores.memory import MemoryEvents, MemoryImports
from tests.faults.crash import Crash
from tests.faults.recorder import Call, CallRecorder
from tests.world import NOW, OURS, THEIRS, World, an_import

WEEK_S = 7 * DAY_S


SMALL = Limits(inline_upload_bytes=4)
"""So that a workbook of a few bytes is too large for requests to look at."""
WORKBOOK = b"PK\x03\x04\x00\x00"


def held(world: World, content: bytes = b"name\nAnn\n", **fields: Any) -> Import:
    """An import whose file has come."""
    import_ = world.add_import(hold=True, **fields)
    file = world.uploaded(import_, content)
    receive_file(world.context, file.key, file.version_id)
    return world.stored_import(import_)


def test_a_file_that_arrives_is_pinned_and_starts_nothing() -> None:
    world = World()

    import_ = held(world)

    assert (import_.status, import_.is_held, import_.held_until) == (Status.REQUESTED, True, NOW + WEEK_S)
    assert import_.source is not None
    assert import_.source.version_id == "v1"
    assert world.executions == []


def test_a_file_that_takes_long_to_look_at_is_looked_at_at_once() -> None:
    world = World(limits=SMALL)

    held(world, WORKBOOK)

    assert world.started == []
    assert [one.is_describing for one in world.executions] == [True]


def test_another_file_does_not_replace_it() -> None:
    world = World()
    import_ = held(world)
    later = world.uploaded(import_, b"name\nBob\n")
    world.now += 60

    receive_file(world.context, later.key, later.version_id)
    receive_file(world.context, later.key, "v1")

    stored = world.stored_import(import_)
    assert stored.source == import_.source
    assert stored.held_until == NOW + WEEK_S
    assert [one.code.value for one in stored.notes] == ["upload_ignored"]


def test_one_that_another_has_held_meanwhile_keeps_its_file() -> None:
    world = World()
    import_ = held(world)

    assert hold(world.context, import_, Source(key="uploads/later", version_id="v2")) is None

    assert world.stored_import(import_) == import_


def test_that_it_is_held_is_told_once() -> None:
    world = World()

    import_ = held(world)

    assert isinstance(world.stores.events, MemoryEvents)
    assert [(one.event_type, one.status) for one in world.stores.events.published] == [("import.held", "requested")]
    assert import_.unpublished_since is None


def test_it_is_let_go_once() -> None:
    world = World(Limits(import_time_s=100))
    import_ = held(world)
    world.now += 60

    let_go(world.context, world.caller(), import_.import_id)
    again = let_go(world.context, world.caller(), import_.import_id)

    assert (again.status, again.queued_at, again.deadline_at) == (Status.QUEUED, NOW + 60, NOW + 160)
    assert again.source == import_.source
    assert world.started == ["imp_given-1"]


def test_it_is_started_by_the_reaper_where_letting_it_go_broke_off() -> None:
    world = World()
    import_ = held(world)

    def intercept(call: Call) -> Any:
        answer = call.perform()
        if call.name == "imports.change":
            raise Crash
        return answer

    broken = replace(world.context, stores=CallRecorder(world.stores, intercept).stores)
    with pytest.raises(Crash):
        let_go(broken, world.caller(), import_.import_id)
    assert (world.stored_import(import_).status, world.started) == (Status.QUEUED, [])

    reap_all(world.context)

    assert world.started == ["imp_given-1"]


def test_a_dropped_file_whose_import_is_canceled_has_a_result() -> None:
    world = World()
    key = f"drop/{OURS}/contacts/merge/people.csv"
    import_ = world.add_import(hold=True, held_until=NOW + 9, dialect="drop", source=Source(key=key))

    service.cancel(world.context, world.caller(), import_.import_id)

    result = orjson.loads(world.stores.files.read_file(f"{key}.result.json"))
    assert (result["status"], result["reason"]) == ("canceled", "canceled")


def test_nothing_is_let_go_before_its_file_is_here() -> None:
    world = World()
    import_ = world.add_import(hold=True)

    with pytest.raises(Conflict) as refused:
        let_go(world.context, world.caller(), import_.import_id)

    assert refused.value.code == "file_missing"


@pytest.mark.parametrize("status", [Status.PROCESSING, Status.COMPLETED, Status.EXPIRED])
def test_what_has_begun_is_not_let_go(status: Status) -> None:
    world = World()
    import_ = world.add_import(status, hold=True)

    with pytest.raises(Conflict) as refused:
        let_go(world.context, world.caller(), import_.import_id)

    assert refused.value.code == "import_started"


def test_its_options_change_as_far_as_they_are_stated() -> None:
    world = World()
    import_ = held(world, column_mapping={"name": "Name"})

    changed = change_options(
        world.context,
        world.caller(),
        import_.import_id,
        {
            "action": Action.UPDATE,
            "match_by": ("email",),
            "merge_rules": {"tags": MergeRule.APPEND},
            "max_failed": Tolerance(count=3),
            "is_preview": True,
        },
    )

    assert (changed.action, changed.is_preview, changed.column_mapping) == (Action.UPDATE, True, {"name": "Name"})
    assert (changed.rules.match_by, changed.rules.merge_rules) == (("email",), {"tags": MergeRule.APPEND})
    assert changed.guard_rails.max_failed == Tolerance(count=3)
    assert changed.revision == import_.revision + 1
    assert world.stored_import(import_) == changed


@pytest.mark.parametrize(
    ("is_here", "options", "looks"),
    [
        pytest.param(True, {"reading": ReadingOptions(delimiter=";")}, 1, id="read otherwise"),
        pytest.param(True, {"match_by": ("email",)}, 0, id="read as before"),
        pytest.param(False, {"reading": ReadingOptions(delimiter=";")}, 0, id="not here yet"),
    ],
)
def test_a_workbook_that_is_to_be_read_otherwise_is_looked_at_anew(
    is_here: bool, options: ImportOptions, looks: int
) -> None:
    world = World(limits=SMALL)
    import_ = held(world, WORKBOOK) if is_here else world.add_import(hold=True)
    world.forget_executions()

    change_options(world.context, world.caller(), import_.import_id, options)

    assert [one.is_describing for one in world.executions] == [True] * looks


def test_options_change_before_the_file_is_here() -> None:
    world = World()
    import_ = world.add_import(hold=True)

    change_options(world.context, world.caller(), import_.import_id, {"match_by": ("email",)})
    file = world.uploaded(import_)
    receive_file(world.context, file.key, file.version_id)

    assert world.stored_import(import_).is_held
    assert world.stored_import(import_).rules.match_by == ("email",)


@pytest.mark.parametrize(
    ("status", "hold"),
    [(Status.REQUESTED, False), (Status.QUEUED, True), (Status.PROCESSING, True), (Status.COMPLETED, True)],
)
def test_options_of_any_other_import_stay(status: Status, hold: bool) -> None:
    world = World()
    import_ = world.add_import(status, hold=hold)

    with pytest.raises(Conflict) as refused:
        change_options(world.context, world.caller(), import_.import_id, {"match_by": ("email",)})

    assert refused.value.code == "import_started"
    assert world.stored_import(import_) == import_


def test_options_that_no_import_could_have_are_refused_and_change_nothing() -> None:
    world = World()
    import_ = held(world)

    with pytest.raises(Refused):
        change_options(world.context, world.caller(), import_.import_id, {"match_by": ("phone",)})

    assert world.stored_import(import_) == import_


def test_of_two_changes_at_once_none_is_lost() -> None:
    world = World()
    import_ = held(world)
    context = replace(world.context, stores=replace(world.stores, imports=ChangedMeanwhile(world, import_)))

    changed = change_options(context, world.caller(), import_.import_id, {"match_by": ("email",)})

    assert (changed.rules.match_by, changed.column_mapping) == (("email",), {"name": "Name"})


class BusyImports(MemoryImports):
    """Somebody else is faster with every change of an import; `then` is the status that it has afterwards."""

    then = Status.REQUESTED

    def revise(self, import_: Import, values: Mapping[str, Any]) -> Import | None:
        key = import_.tenant_id, import_.import_id
        self._imports[key] = replace(import_, revision=import_.revision + 1, status=self.then)
        return None


@pytest.mark.parametrize(
    ("then", "error"), [(Status.REQUESTED, Retryable), (Status.QUEUED, Conflict)], ids=["keeps changing", "has begun"]
)
def test_a_change_that_others_are_always_faster_than_is_given_up(then: Status, error: type[Exception]) -> None:
    world = World()
    imports = BusyImports(clock=lambda: world.now)
    imports.then = then
    world.context = replace(world.context, stores=replace(world.stores, imports=imports))
    import_ = an_import(hold=True)
    assert imports.add(import_)

    with pytest.raises(error):
        change_options(world.context, world.caller(), import_.import_id, {"match_by": ("email",)})

    stored = imports.find(import_.tenant_id, import_.import_id)
    assert stored is not None
    assert stored.rules == import_.rules


def test_an_import_is_let_go_only_once_it_was_told_that_it_is_held() -> None:
    world = World()
    events = world.stores.events
    assert isinstance(events, MemoryEvents)
    events.raises = Retryable("slow down")
    import_ = held(world)

    with pytest.raises(Retryable, match="still to be announced"):
        let_go(world.context, world.caller(), import_.import_id)
    assert world.stored_import(import_).is_held
    events.raises = None

    assert let_go(world.context, world.caller(), import_.import_id).status is Status.QUEUED
    assert [one.event_type for one in events.published] == ["import.held"]


class ChangedMeanwhile:
    """A store in which, before its first change, another one is made."""

    def __init__(self, world: World, import_: Import) -> None:
        self._imports = world.stores.imports
        self._before = [import_]

    def revise(self, import_: Import, values: Mapping[str, Any]) -> Import | None:
        for one in self._before:
            self._imports.revise(one, {"column_mapping": {"name": "Name"}})
        self._before = []
        return self._imports.revise(import_, values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._imports, name)


def test_the_import_of_another_tenant_is_not_found() -> None:
    world = World()
    import_ = held(world)

    with pytest.raises(NotFound):
        let_go(world.context, world.caller(THEIRS), import_.import_id)
    with pytest.raises(NotFound):
        change_options(world.context, world.caller(THEIRS), import_.import_id, {"hold": False})


def test_one_that_nobody_lets_go_expires() -> None:
    world = World()
    import_ = held(world)
    world.now += WEEK_S + 1

    reap_imports(Run(world.context, world.now + 60))

    ended = world.stored_import(import_)
    assert (ended.status, ended.reason) == (
        Status.EXPIRED,
        "hold_expired: nobody let it go until 2023-11-21T22:13:20Z.",
    )


def test_how_long_it_is_held_is_a_limit() -> None:
    assert held(World(Limits(hold_days=2))).held_until == NOW + 2 * DAY_S


def test_it_does_not_expire_before_its_time() -> None:
    world = World()
    import_ = held(world)
    world.now += WEEK_S - 1

    reap_imports(Run(world.context, world.now + 60))

    assert world.stored_import(import_).is_held


def test_one_that_is_canceled_is_not_let_go_any_more() -> None:
    world = World()
    import_ = held(world)

    service.cancel(world.context, world.caller(), import_.import_id)

    assert world.stored_import(import_).status is Status.CANCELED
    with pytest.raises(Conflict):
        let_go(world.context, world.caller(), ImportId(import_.import_id))
