"""Random interleavings of imports of one resource, with crashes, doubled functions and cancels, judged by a model."""

from dataclasses import replace
from random import Random

import pytest

from chalicelib.model.imports import Action, Status
from chalicelib.model.row_rules import MergeRule, RowRules
from chalicelib.model.rows import Fields
from tests.faults.concurrent_imports import (
    IN_MEMORY,
    IN_ONE_TASK,
    IN_SMALL_BATCHES,
    NO_FAULTS,
    ConcurrentImports,
    FaultRates,
    RequestedImport,
)
from tests.faults.conftest import LIMIT, Cases
from tests.faults.recording import REAL_STORES
from tests.faults.sequential_model import count_overtaken, each_contradiction
from tests.faults.simulated_import import StoreFactories

PEOPLE = 6
FAULTS = FaultRates()


def random_imports(
    seed: int, factories: StoreFactories = REAL_STORES, *, is_on_tables: bool = False
) -> ConcurrentImports:
    random = Random(seed)
    stored = random.choice((0.5, 0.5, 0.5, 0))  # where nothing is, large imports look for nothing
    before = {f"cus_{n}": _person(random, n) for n in range(PEOPLE) if random.random() < stored}
    requests = [_random_request(random, n) for n in range(random.choice((2, 2, 3)))]
    return ConcurrentImports(requests, before, random, FaultRates(), factories=factories, is_on_tables=is_on_tables)


def random_stated_imports(seed: int, rates: FaultRates = FAULTS) -> ConcurrentImports:
    """Imports that state by which identities rows are matched, and how notes and status are merged."""
    random = Random(seed)
    before = {f"cus_{n}": _person(random, n) for n in range(PEOPLE) if random.random() < 0.5}
    requests = [replace(_random_request(random, n), rules=_random_rules(random)) for n in range(2)]
    return ConcurrentImports(
        [_allowed(one) for one in requests], before, random, rates, is_on_tables=random.random() < 0.25
    )


def _random_rules(random: Random) -> RowRules:
    match_by = random.choice(((), ("email",), ("external_id",), ("external_id", "email"), ("email", "external_id")))
    return RowRules(match_by=match_by, merge_rules={"notes": MergeRule.APPEND_LINE, "name": MergeRule.IF_EMPTY})


def _allowed(request: RequestedImport) -> RequestedImport:
    """Rules of fields are for actions that change records."""
    is_merging = request.action not in (Action.CREATE, Action.DELETE)
    return request if is_merging else replace(request, rules=replace(request.rules, merge_rules={}))


def _random_request(random: Random, number: int) -> RequestedImport:
    return RequestedImport(
        rows=[_row(random) | _noted(random, f"{number}.{n}") for n in range(random.randint(3, 8))],
        action=random.choice((Action.MERGE, Action.MERGE, Action.CREATE, Action.UPDATE, Action.DELETE)),
        limits=random.choice((IN_MEMORY, IN_ONE_TASK, IN_SMALL_BATCHES)),
    )


def _noted(random: Random, text: str) -> Fields:
    """Gives some rows a text of their own; others may find that there is nothing to change."""
    return {"notes": text} if random.random() < 0.5 else {}


def _person(random: Random, number: int) -> Fields:
    return {"name": f"Person {number}", "status": "active", "external_id": f"x{number}", "email": f"p{number}@x.com"}


def _row(random: Random) -> Fields:
    """Makes a row that names one of few people by one identity or both, which may be those of different people."""
    row: Fields = {"name": f"Name {random.randint(0, 3)}"}
    way = random.choice(("email", "email", "external_id", "both", "crossed"))
    one, other = random.randrange(PEOPLE), random.randrange(PEOPLE)
    if way != "external_id":
        row["email"] = f"p{one}@x.com"
    if way != "email":
        row["external_id"] = f"x{other if way == 'crossed' else one}"
    return row


def test_rows_that_are_matched_and_merged_as_stated_lose_nothing_either(
    cases: Cases, request: pytest.FixtureRequest
) -> None:
    first, overtaken = request.config.getoption("--first-seed"), 0
    for seed in range(first, first + request.config.getoption("--seeds") // 4):
        concurrent = random_stated_imports(seed).run()
        cases.check(f"seed {seed}", list(each_contradiction(concurrent)))
        overtaken += count_overtaken(concurrent)

    request.node.user_properties.append((LIMIT, overtaken))
    cases.conclude()


def test_without_faults_imports_that_state_how_rows_are_matched_are_completed(
    cases: Cases, request: pytest.FixtureRequest
) -> None:
    """A row that wants an identity of another record fails; to look for its record again and again would end in a
    failed import."""
    first = request.config.getoption("--first-seed")
    for seed in range(first, first + request.config.getoption("--seeds") // 10):
        concurrent = random_stated_imports(seed, NO_FAULTS).run()
        ends = [concurrent.get(one) for one in concurrent.ids]
        cases.check(
            f"seed {seed}", [f"{one.status}: {one.reason}" for one in ends if one.status is not Status.COMPLETED]
        )

    cases.conclude()


@pytest.mark.parametrize("is_on_tables", [False, True], ids=["in memory", "on tables"])
def test_whatever_the_order_nothing_is_lost(is_on_tables: bool, cases: Cases, request: pytest.FixtureRequest) -> None:
    """On tables the calls of the store interleave too, request by request."""
    first, overtaken = request.config.getoption("--first-seed"), 0
    seeds = request.config.getoption("--seeds") // (4 if is_on_tables else 1)
    for seed in range(first, first + seeds):
        concurrent = random_imports(seed, is_on_tables=is_on_tables).run()
        cases.check(f"seed {seed}", list(each_contradiction(concurrent)))
        overtaken += count_overtaken(concurrent)

    request.node.user_properties.append((LIMIT, overtaken))
    cases.conclude()
