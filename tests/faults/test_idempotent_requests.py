"""A process that crashes at any write of a request under an idempotency key, before it or after it: a caller who asks
again is answered in the end, and what the request asked for has been done once.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.imports.handlers import ImportMachine
from tests.contract.repeating import DIALECTS, Dialect, Died
from tests.faults.recorder import Call, CallRecorder, Intercept
from tests.import_world import run_import
from tests.real_pipeline import connect_pipeline
from tests.world import OURS

KEY = "one"
LATER_S = 15 * 60 + 11
"""Longer than any process lives: without a timeout of its own the test client gives a function 15 minutes."""


def intercepted(name: str, intercept: Intercept) -> tuple[Dialect, ImportMachine]:
    dialect = DIALECTS[name]()
    world = dialect.world
    world.stores = CallRecorder(world.stores, intercept).stores
    world.context = replace(world.context, stores=world.stores)
    return dialect, connect_pipeline(world)


def effects_of(name: str) -> list[str]:
    """Returns the names of the effects of a request without faults, in order."""
    seen: list[str] = []

    def look(call: Call) -> Any:
        if call.is_effect:
            seen.append(call.name)
        return call.perform()

    intercepted(name, look)[0].ask(KEY)
    return seen


def dying_at(number: int, *, is_done: bool) -> Intercept:
    """Makes an intercept that ends the process at the effect of this number, before or after it is performed."""
    effects = iter(range(1_000_000))

    def intercept(call: Call) -> Any:
        if not call.is_effect or next(effects) != number:
            return call.perform()
        if is_done:
            call.perform()
        raise Died

    return intercept


def each_case() -> Iterator[Any]:
    for name in DIALECTS:
        for number, effect in enumerate(effects_of(name)):
            for is_done in (False, True):
                when = "after" if is_done else "before"
                yield pytest.param(name, number, is_done, id=f"{name}, {when} {number} {effect}")


def names_of(dialect: Dialect) -> list[Any]:
    records, resource = dialect.world.stores.records, dialect.resource
    shards = range(records.shard_count(OURS, resource))
    found = [one for shard in shards for one in records.each_record(OURS, resource, shard)]
    return [one.fields["name"] for one in found if not one.is_deleted]


@pytest.mark.parametrize(("name", "number", "is_done"), list(each_case()))
def test_who_asks_again_is_answered_and_it_was_done_once(name: str, number: int, is_done: bool) -> None:
    dialect, machine = intercepted(name, dying_at(number, is_done=is_done))
    with suppress(Died):
        dialect.ask(KEY)

    statuses: list[int] = []
    while not statuses or statuses[-1] >= 400:
        dialect.world.now += LATER_S
        statuses.append(dialect.ask(KEY).status_code)
        assert set(statuses) <= {200, 201, 503}
        assert len(statuses) <= 3
    again = dialect.ask(KEY)
    end_all(dialect, machine)

    assert again.headers["Idempotent-Replayed"] == "true"
    assert names_of(dialect) == ["Ann"]


@pytest.mark.parametrize(
    ("number", "is_done"), [(number, done) for number in range(len(effects_of("PackageX"))) for done in (False, True)]
)
def test_packagex_never_makes_a_second_import(number: int, is_done: bool) -> None:
    dialect, _ = intercepted("PackageX", dying_at(number, is_done=is_done))
    with suppress(Died):
        dialect.ask(KEY)
    dialect.world.now += LATER_S

    retried = dialect.ask(KEY)

    assert retried.status_code == 201
    assert dialect.imports == 1


def end_all(dialect: Dialect, machine: ImportMachine) -> None:
    """What the state machine does with imports that go on by themselves."""
    for import_ in dialect.world.stores.imports.list_page(OURS, page=1, per_page=10).entries:
        if not import_.is_final and import_.dialect == "packagex":
            run_import(machine, import_)


def test_a_healthy_request_is_one_write_before_and_one_after() -> None:
    for name in DIALECTS:
        effects = effects_of(name)

        of_records = [one for one in effects if one.startswith("idempotency_records.")]
        assert of_records == ["idempotency_records.acquire", "idempotency_records.complete"]
        assert [effects[0], effects[-1]] == of_records
