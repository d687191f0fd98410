"""An import is followed until it has ended."""

from collections.abc import Iterator
from io import StringIO

from rich.console import Console

from local.api_json import Json
from local.import_progress import LOOK_EVERY_S, follow_import


def answer(status: str, **phases: str) -> Json:
    counters = {"total": 2, "processed": 2, "error": 0}
    return {"status": status, "phases": [{"name": name, "status": word, **counters} for name, word in phases.items()]}


ANSWERS = (
    answer("queued", prevalidation="pending", cleanup="pending"),
    answer("processing", prevalidation="processing", cleanup="pending"),
    answer("processing", prevalidation="completed", cleanup="pending"),
    answer("completed", prevalidation="completed", cleanup="skipped"),
)


def followed(console: Console) -> tuple[Json, list[float]]:
    answers: Iterator[Json] = iter(ANSWERS)
    waits: list[float] = []
    return follow_import(console, lambda: next(answers), waits.append), waits


def test_a_log_gets_one_line_for_every_phase_that_ended() -> None:
    console = Console(file=StringIO(), width=100, force_terminal=False)

    import_, _ = followed(console)

    assert isinstance(console.file, StringIO)
    assert [line.split()[:2] for line in console.file.getvalue().splitlines()] == [
        ["prevalidation", "completed"],
        ["cleanup", "skipped"],
    ]
    assert import_["status"] == "completed"


def test_a_terminal_ends_with_the_last_answer() -> None:
    console = Console(file=StringIO(), width=100, force_terminal=True, color_system=None)

    import_, _ = followed(console)

    assert isinstance(console.file, StringIO)
    assert "skipped" in console.file.getvalue().rpartition("cleanup")[2]
    assert import_ is ANSWERS[-1]


def test_there_is_a_wait_before_every_further_look() -> None:
    _, waits = followed(Console(file=StringIO(), force_terminal=False))

    assert waits == [LOOK_EVERY_S] * (len(ANSWERS) - 1)
