from dataclasses import replace

import pytest

from bench.figures import Figure, Target, at_least, at_most, rate_text, rounded

FIGURE = Figure(name="page read", ours="60 k/s", peer="boto3: 10 k/s", value=6.0, spread=0.04, counted="CPU, 5 runs")


@pytest.mark.parametrize(
    ("target", "value", "result"),
    [
        (at_least(5), 6.0, "met"),
        (at_least(5), 5.0, "met"),
        (at_least(5), 4.0, "missed by 20%"),
        (at_most(1.3), 1.3, "met"),
        (at_most(256, "MB"), 320, "missed by 25%"),
        (None, 1.0, ""),
    ],
    ids=["above", "exactly", "below", "at the most", "over", "no target"],
)
def test_a_figure_says_whether_its_target_is_met(target: Target | None, value: float, result: str) -> None:
    assert replace(FIGURE, target=target, value=value).result == result


def test_a_value_is_shown_with_its_unit_and_spread() -> None:
    assert FIGURE.value_text == "6.00 × ±4%"
    assert replace(FIGURE, value=220.4, unit="MB", spread=None).value_text == "220 MB"


def test_a_target_reads_like_a_sentence() -> None:
    assert str(at_least(1.5)) == "≥ 1.50 ×"
    assert str(at_most(256, "MB")) == "≤ 256 MB"


@pytest.mark.parametrize(
    ("value", "text"), [(0.426, "0.43"), (12.34, "12.3"), (1234.5, "1,234")], ids=["small", "tens", "thousands"]
)
def test_numbers_have_three_digits_or_as_many_as_they_need(value: float, text: str) -> None:
    assert rounded(value) == text


def test_high_rates_are_shown_in_thousands() -> None:
    assert rate_text(434.2) == "434/s"
    assert rate_text(26_876) == "26.9 k/s"
