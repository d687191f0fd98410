"""What the command shows and does, over a queue in memory."""

from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from local.administration.letters import age, redrive
from local.dead_letters import DeadLetter, Redrive

NOW = 1_700_000_000.0
LETTER = DeadLetter(
    function="on_file",
    event={"detail-type": "Object Created", "detail": {"object": {"key": "drop/t/contacts/merge/a.csv"}}},
    reason="RetriesExhausted: Retryable: the table is throttled",
    sent_at=NOW - 7200,
    receipt="r1",
)


class Queue:
    """Letters in memory, of which those with an error fail again."""

    def __init__(self, *letters: DeadLetter, error: str | None = None) -> None:
        self.letters, self.error = list(letters), error
        self.released: list[DeadLetter] = []
        self.redriven: list[DeadLetter] = []

    def receive_all(self) -> list[DeadLetter]:
        return self.letters

    def release(self, letter: DeadLetter) -> None:
        self.released.append(letter)

    def redrive(self, letter: DeadLetter) -> Redrive:
        self.redriven.append(letter)
        return Redrive(letter, self.error)


def printed(queue: Any, *, is_dry: bool) -> str:
    console = Console(record=True, width=160)
    redrive(queue, console.print, now=NOW, is_dry=is_dry)
    return console.export_text()


def test_a_dry_run_shows_the_letters_and_leaves_them() -> None:
    queue = Queue(LETTER)

    text = printed(queue, is_dry=True)

    for part in ("Object Created", "drop/t/contacts/merge/a.csv", "2 h", "Retryable: the table is throttled"):
        assert part in text
    assert (queue.released, queue.redriven) == ([LETTER], [])


def test_every_letter_is_sent_again_and_told() -> None:
    queue = Queue(LETTER, replace(LETTER, receipt="r2"))

    text = printed(queue, is_dry=False)

    assert len(queue.redriven) == 2
    assert text.count("Object Created drop/t/contacts/merge/a.csv: done") == 2


def test_a_letter_that_fails_again_is_told() -> None:
    text = printed(Queue(LETTER, error="Fatal: no bucket"), is_dry=False)

    assert "failed again, kept: Fatal: no bucket" in text


def test_an_empty_queue_is_told() -> None:
    assert "No dead letters." in printed(Queue(), is_dry=False)


@pytest.mark.parametrize(
    ("seconds", "text"), [(-1, "0 s"), (59, "59 s"), (60, "1 min"), (7200, "2 h"), (86_400 * 13, "13 d")]
)
def test_an_age_is_told_in_its_largest_unit(seconds: float, text: str) -> None:
    assert age(seconds) == text
