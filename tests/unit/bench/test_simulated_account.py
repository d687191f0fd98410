"""No import fails because no function is free: the shipped machine and queue over Lambda's limits, in a model."""

from copy import deepcopy
from typing import Any

import pytest

from bench.simulated_account import File, Load, Outcome, SimulatedAccount
from bench.suites.concurrency import failed_figure, many_files, wait_figure
from chalicelib.model.limits import Limits
from local.template import definitions_of

FIVE = [File(0, "one", 200_000)] * 5
BURST = Load(30, 120, 60)
"""Sixty requests a second, of which each takes a third of one: twice the functions of a new account."""


def test_no_import_fails_in_a_new_account_though_requests_take_its_functions() -> None:
    outcome = SimulatedAccount(10).run(FIVE, (BURST,))

    assert outcome.failed == []
    assert (outcome.most_imports, outcome.most_functions) == (3, 10)
    assert outcome.throttles > 20


def test_imports_alone_are_never_throttled_even_in_a_new_account() -> None:
    outcome = SimulatedAccount(10).run(FIVE)

    assert (outcome.failed, outcome.throttles) == ([], 0)


def without(error: str, graph: Any) -> Any:
    """Returns the graph with an error struck out of every list of retriers."""
    for state in graph["States"].values():
        for retrier in state.get("Retry", []):
            retrier["ErrorEquals"] = [name for name in retrier["ErrorEquals"] if name != error]
        if "ItemProcessor" in state:
            without(error, state["ItemProcessor"])
    return graph


def test_the_model_shows_what_happens_without_the_retrier_for_throttled_calls() -> None:
    shipped = deepcopy(definitions_of("prod")["ImportMachine"])
    account = SimulatedAccount(10, definition=without("Lambda.TooManyRequestsException", shipped))

    assert account.run(FIVE, (BURST,)).failed != []


@pytest.fixture(scope="module")
def crowded() -> Outcome:
    """Sixty imports of four tenants in an account with slots for fourteen, and one of a small tenant later."""
    return SimulatedAccount(100).run([*many_files(60, 4), File(40, "small", 10_000)])


def test_tenants_share_the_slots_of_the_stack(crowded: Outcome) -> None:
    assert (crowded.failed, crowded.most_imports) == ([], 14)
    waits = [max(crowded.waits_s(f"tenant_{number}")) for number in range(4)]
    assert max(waits) < 1.5 * min(waits)


def test_a_small_tenant_waits_for_one_end_and_not_for_all(crowded: Outcome) -> None:
    [wait_s] = crowded.waits_s("small")

    assert wait_s < 90 < max(crowded.waits_s()) / 2


def test_a_tenant_with_many_imports_leaves_slots_to_others() -> None:
    outcome = SimulatedAccount(1_000).run([*many_files(40, 1), File(40, "small", 10_000)])

    assert outcome.most_imports == Limits().tenant_imports + 1
    assert outcome.waits_s("small")[0] <= 5


def test_figures_say_what_failed_and_how_long_the_small_tenant_waited(crowded: Outcome) -> None:
    failed, wait = failed_figure("failed", crowded), wait_figure("wait", crowded, 90)

    assert (failed.value, failed.result, wait.result) == (0, "met", "met")
    assert failed.ours.startswith("0 of 61; longest wait ")
