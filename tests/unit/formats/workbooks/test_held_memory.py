"""How much of a workbook may be held depends on its size, and what is begun is bounded before it ends."""

import pytest

from chalicelib.errors import Refused
from chalicelib.formats.workbooks.held_memory import HeldMemory
from chalicelib.model.limits import Limits

LIMITS = Limits(
    workbook_held_free_bytes=1_000,
    workbook_held_ratio=10,
    workbook_held_bytes=5_000,
    workbook_text_characters=100,
)


@pytest.mark.parametrize(
    ("size_bytes", "allowed"),
    [
        pytest.param(10, 1_000, id="small"),
        pytest.param(200, 2_000, id="larger"),
        pytest.param(9_000, 5_000, id="large"),
    ],
)
def test_a_small_file_may_hold_less_than_a_large_one(size_bytes: int, allowed: int) -> None:
    held = HeldMemory(size_bytes, LIMITS)
    held.add(allowed)

    with pytest.raises(Refused) as refusal:
        held.add(1)

    assert (refusal.value.code, refusal.value.details["limit"]) == ("expansion_refused", allowed)


def test_runs_of_a_text_are_joined_while_it_is_read() -> None:
    runs = ["a"] * 70

    HeldMemory(10, LIMITS).check_text(runs)

    assert runs == ["a" * 70]


@pytest.mark.parametrize("runs", [["a" * 101], ["a"] * 101])
def test_a_text_is_bounded_before_it_ends(runs: list[str]) -> None:
    with pytest.raises(Refused):
        HeldMemory(10, LIMITS).check_text(runs)
