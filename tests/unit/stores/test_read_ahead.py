"""Answers come in the order of the questions, a few ahead, and no call is made that nobody will hear the answer of."""

from threading import Barrier
from time import sleep

import pytest

from chalicelib.stores.read_ahead import each_ahead


def test_answers_keep_the_order_of_their_arguments() -> None:
    def slow_first(number: int) -> int:
        sleep(0.05 if number == 0 else 0)
        return number * 10

    assert [*each_ahead(slow_first, range(9), threads=3)] == [number * 10 for number in range(9)]


def test_calls_are_made_side_by_side() -> None:
    met = Barrier(3, timeout=10)

    assert [*each_ahead(lambda number: met.wait() >= 0, range(3), threads=3)] == [True] * 3


def test_no_more_calls_are_made_than_answers_are_taken_and_held() -> None:
    asked: list[int] = []
    answers = each_ahead(asked.append, range(100), threads=4)

    next(answers)
    answers.close()

    assert 1 <= len(asked) <= 5


def test_an_error_is_raised_when_its_turn_comes() -> None:
    def odd(number: int) -> int:
        if number == 2:
            raise ValueError(number)
        return number

    answers = each_ahead(odd, range(5), threads=2)

    assert [next(answers), next(answers)] == [0, 1]
    with pytest.raises(ValueError, match="2"):
        next(answers)
