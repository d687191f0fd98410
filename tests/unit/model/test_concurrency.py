"""The shares of an account's concurrency: what is promised of every account that the template knows."""

import pytest

from chalicelib.model.concurrency import ACCOUNTS, LEFT_UNRESERVED, ConcurrencyShares, shares_of
from chalicelib.model.limits import Limits


@pytest.mark.parametrize("account", ACCOUNTS)
def test_all_tasks_of_all_jobs_find_functions(account: int) -> None:
    shares = shares_of(account)

    jobs = shares.imports + shares.exports
    assert jobs * shares.tasks <= account - shares.api - shares.announcements - shares.spare
    assert min(shares.imports, shares.exports, shares.spare) >= 1


@pytest.mark.parametrize("account", ACCOUNTS)
def test_what_aws_demands_is_left_unreserved(account: int) -> None:
    shares = shares_of(account)

    assert shares.api == 0 or account - shares.api - shares.announcements >= LEFT_UNRESERVED


@pytest.mark.parametrize("account", ACCOUNTS)
def test_all_slots_of_imports_are_read_by_one_call(account: int) -> None:
    assert shares_of(account).imports <= 100


def test_a_new_account_reserves_nothing_and_runs_three_imports_and_an_export() -> None:
    assert shares_of(10) == ConcurrencyShares(api=0, announcements=0, spare=2, imports=3, exports=1, tasks=2)


def test_the_usual_account_gives_the_limits_their_defaults() -> None:
    shares = shares_of(1_000)

    assert shares == ConcurrencyShares(api=200, announcements=20, spare=97, imports=36, exports=9, tasks=15)
    assert shares.writers == 8
    assert (shares.imports, shares.exports) == (Limits().stack_imports, Limits().stack_exports)
