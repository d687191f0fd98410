"""How columns are given fields, all together."""

from itertools import permutations
from random import Random

import pytest

from chalicelib.schema.suggestions.assignment import assign


@pytest.mark.parametrize(
    ("weights", "fields"),
    [
        pytest.param([], [], id="no columns"),
        pytest.param([{}, {}], [None, None], id="nothing fits"),
        pytest.param([{"a": 0.9}, {"a": 0.8}], ["a", None], id="the surer column wins"),
        pytest.param([{"a": 0.9, "b": 0.9}, {"a": 0.9}], ["b", "a"], id="the column with another field yields"),
        pytest.param([{"a": 0.9}, {"a": 0.9}], ["a", None], id="of equals the first wins"),
    ],
)
def test_each_column_has_a_field_of_its_own(weights: list[dict[str, float]], fields: list[str | None]) -> None:
    assert assign(weights) == fields


def test_no_other_assignment_is_worth_more() -> None:
    for seed in range(60):
        random = Random(seed)
        weights = [
            {field: random.random() for field in "abcd" if random.random() < 0.6} for _ in range(random.randint(1, 5))
        ]

        found = assign(weights)

        worth = sum(one[field] for one, field in zip(weights, found, strict=True) if field)
        assert worth == pytest.approx(max(worth_of_each(weights)))


def worth_of_each(weights: list[dict[str, float]]) -> list[float]:
    fields = ["a", "b", "c", "d", *["-"] * len(weights)]
    return [
        sum(one.get(field, 0.0) for one, field in zip(weights, chosen, strict=True))
        for chosen in set(permutations(fields, len(weights)))
    ]
