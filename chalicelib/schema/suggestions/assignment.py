"""Gives every column a field of its own: one assignment for all columns together, no field twice.

The sum of the weights is the greatest there is (the Hungarian method, by cheapest chains of moves), so that of two
columns that want the same field, that one yields which has another.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import inf

Prices = tuple[list[float], list[float], list[float]]
"""What lines pay, what places give back, and what each place would cost next."""


def assign(weights: Sequence[Mapping[str, float]]) -> list[str | None]:
    """Returns the field of each column, None where none is left; `weights` are those of each column by field."""
    columns = [index for index, one in enumerate(weights) if one]
    fields = sorted({field for one in weights for field in one})
    assigned: list[str | None] = [None] * len(weights)
    costs = [[*(-weights[index].get(field, 0.0) for index in columns), *(0.0 for _ in fields)] for field in fields]
    for field, place in zip(fields, _matched(costs), strict=True):
        if place < len(columns) and field in weights[columns[place]]:
            assigned[columns[place]] = field
    return assigned


def _matched(costs: Sequence[Sequence[float]]) -> list[int]:
    """Returns the place that each line is given, at the least cost of all together; there are enough places."""
    places = len(costs[0]) if costs else 0
    line_prices, place_prices = [0.0] * (len(costs) + 1), [0.0] * (places + 1)
    line_of = [0] * (places + 1)
    for line in range(1, len(costs) + 1):
        line_of[0] = line
        _augment(costs, line_prices, place_prices, line_of)
    given = [0] * len(costs)
    for place in range(1, places + 1):
        if line_of[place]:
            given[line_of[place] - 1] = place - 1
    return given


def _augment(
    costs: Sequence[Sequence[float]], line_prices: list[float], place_prices: list[float], line_of: list[int]
) -> None:
    """Finds a place for the line that waits at place 0, by the cheapest chain of moves."""
    least, way = [inf] * len(place_prices), [0] * len(place_prices)
    place, seen, unseen = 0, [0], set(range(1, len(place_prices)))
    while line := line_of[place]:
        prices, line_price = costs[line - 1], line_prices[line]
        for other in unseen:
            cost = prices[other - 1] - line_price - place_prices[other]
            if cost < least[other]:
                least[other], way[other] = cost, place
        following = min(unseen, key=least.__getitem__)
        _pay(least[following], (line_prices, place_prices, least), line_of, (seen, unseen))
        place = following
        seen.append(place)
        unseen.discard(place)
    while place:
        line_of[place] = line_of[way[place]]
        place = way[place]


def _pay(step: float, prices: Prices, line_of: Sequence[int], places: tuple[Iterable[int], Iterable[int]]) -> None:
    """Raises what the lines on the chain pay, so that the next place costs them nothing."""
    line_prices, place_prices, least = prices
    seen, unseen = places
    for place in seen:
        line_prices[line_of[place]] += step
        place_prices[place] -= step
    for place in unseen:
        least[place] -= step
