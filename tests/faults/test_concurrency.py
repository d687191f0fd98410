"""Imports of one resource at once that want the same people: one makes the record, the others find it.

Every case is run under several interleavings, drawn by seeds; the model of `sequential_model.py` judges each of them.
"""

from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from chalicelib.model.imports import Action
from chalicelib.model.rows import Fields
from tests.faults.concurrent_imports import (
    IN_MEMORY,
    IN_ONE_TASK,
    IN_SMALL_BATCHES,
    NO_FAULTS,
    ConcurrentImports,
    RequestedImport,
)
from tests.faults.conftest import Cases
from tests.faults.sequential_model import each_contradiction

SEEDS = 50


def same_email(n: int) -> list[Fields]:
    return [{"name": f"Name {n}", "email": "ann@x.com"}]


def crossed_emails(n: int) -> list[Fields]:
    """One file has Ann first, the next has Bob first."""
    rows: list[Fields] = [{"name": f"Ann {n}", "email": "ann@x.com"}, {"name": f"Bob {n}", "email": "bob@x.com"}]
    return rows[:: -1 if n % 2 else 1]


def same_external_id(n: int) -> list[Fields]:
    return [{"name": f"Name {n}", "external_id": "X-1"}]


def same_person_by_both(n: int) -> list[Fields]:
    """One file knows Ann by her e-mail, the next by her external id, the third by both."""
    known: list[Fields] = [{"email": "ann@x.com"}, {"external_id": "X-1"}, {"email": "ann@x.com", "external_id": "X-1"}]
    return [{"name": f"Name {n}", **known[n % 3]}]


PEOPLE: dict[Callable[[int], list[Fields]], int] = {same_email: 1, crossed_emails: 2, same_external_id: 1}
"""How many records each way may make, however many imports there are."""


def counts_of(concurrent: ConcurrentImports) -> Counter[str]:
    stats = [concurrent.get(import_id).stats for import_id in concurrent.ids]
    return Counter({name: sum(getattr(one, name) for one in stats) for name in ("created", "updated", "failed")})


def met(concurrent: ConcurrentImports) -> int:
    """Rows that found a record, whether they had something to change or not."""
    return sum(concurrent.get(one).stats.updated + concurrent.get(one).stats.unchanged for one in concurrent.ids)


@pytest.mark.parametrize("imports", [2, 3, 8])
@pytest.mark.parametrize("rows_of", PEOPLE, ids=lambda way: way.__name__)
@pytest.mark.parametrize("action", [Action.CREATE, Action.MERGE, Action.UPDATE])
def test_exactly_one_import_makes_a_person(
    action: Action, rows_of: Callable[[int], list[Fields]], imports: int, cases: Cases
) -> None:
    people = PEOPLE[rows_of]
    rows = imports * people

    for seed in cases.some(range(SEEDS), one_in=10):
        limits = (IN_MEMORY, IN_ONE_TASK, IN_SMALL_BATCHES)[seed % 3]
        requests = [RequestedImport(rows=rows_of(n), action=action, limits=limits) for n in range(imports)]
        concurrent = ConcurrentImports(requests, {}, Random(seed), NO_FAULTS).run()
        counts = counts_of(concurrent)
        made = 0 if action is Action.UPDATE else people
        wrong = list(each_contradiction(concurrent))
        if counts["created"] != made:
            wrong.append(f"{counts['created']} records were made, not {made}")
        if action is Action.MERGE and met(concurrent) != rows - made:
            wrong.append(f"{met(concurrent)} rows found a record, not {rows - made}")
        if action is not Action.MERGE and counts["failed"] != rows - made:
            wrong.append(f"{counts['failed']} rows failed, not {rows - made}")
        cases.check(f"seed {seed}", wrong)

    cases.conclude()


def test_people_known_by_different_identities_never_share_one(cases: Cases) -> None:
    for seed in cases.some(range(SEEDS), one_in=3):
        requests = [RequestedImport(rows=same_person_by_both(n)) for n in range(3)]
        cases.check(
            f"seed {seed}", list(each_contradiction(ConcurrentImports(requests, {}, Random(seed), NO_FAULTS).run()))
        )

    cases.conclude()


@pytest.mark.parametrize("rows_of", PEOPLE, ids=lambda way: way.__name__)
def test_a_sync_import_may_come_while_an_async_one_runs(rows_of: Callable[[int], list[Fields]], cases: Cases) -> None:
    people = PEOPLE[rows_of]

    for seed in cases.some(range(SEEDS), one_in=5):
        requests = [
            RequestedImport(rows=rows_of(0), limits=IN_SMALL_BATCHES),
            RequestedImport(rows=rows_of(1), is_sync=True),
        ]
        concurrent = ConcurrentImports(requests, {}, Random(seed), NO_FAULTS).run()
        wrong = list(each_contradiction(concurrent))
        if counts_of(concurrent)["created"] != people:
            wrong.append(f"{counts_of(concurrent)['created']} records were made, not {people}")
        cases.check(f"seed {seed}", wrong)

    cases.conclude()


def test_an_update_and_a_deletion_of_the_same_people_come_in_some_order(cases: Cases) -> None:
    before: dict[str, Fields] = {
        f"cus_{n}": {"name": f"Person {n}", "status": "active", "email": f"p{n}@x.com"} for n in range(4)
    }
    rows: list[Fields] = [{"email": f"p{n}@x.com", "name": f"Renamed {n}"} for n in range(4)]

    for seed in cases.some(range(SEEDS), one_in=5):
        requests = [
            RequestedImport(rows=rows, limits=IN_SMALL_BATCHES),
            RequestedImport(rows=rows[::-1], action=Action.DELETE),
        ]
        cases.check(
            f"seed {seed}", list(each_contradiction(ConcurrentImports(requests, before, Random(seed), NO_FAULTS).run()))
        )

    cases.conclude()
