"""The figures as a table for a terminal."""

from collections.abc import Iterable

from rich import box
from rich.table import Table
from rich.text import Text

from bench.figures import Figure


def figures_table(figures: Iterable[Figure]) -> Table:
    table = Table(box=box.ROUNDED)
    for heading in ("figure", "ours", "peer"):
        table.add_column(heading, overflow="fold")
    for heading in ("ratio or amount", "target"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("counted", overflow="fold", style="dim")
    for one in figures:
        table.add_row(one.name, one.ours, one.peer, one.value_text, str(one.target or ""), _result(one), one.counted)
    return table


def _result(figure: Figure) -> Text:
    return Text(figure.result, style="green" if figure.result == "met" else "red")
