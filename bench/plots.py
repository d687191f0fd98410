"""A plot of one amount over the number of rows, as SVG written by hand: the rows on a scale of powers of ten."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

WIDTH, HEIGHT = 640, 320
LEFT, RIGHT, TOP, BOTTOM = 70, 40, 40, 50
STEPS = 4
"""Lines across."""
INK, LINE, LIMIT = "#57606a", "#0969da", "#cf222e"
"""Readable on white and on black."""


@dataclass(frozen=True, slots=True)
class Plot:
    title: str
    points: Sequence[tuple[int, float]]
    """Rows and amount, by rows."""
    limit: float | None = None
    """Drawn as a line of its own."""

    @property
    def highest(self) -> float:
        return max([amount for _, amount in self.points] + ([self.limit] if self.limit else [])) * 1.15

    def x(self, rows: int) -> float:
        first, last = log10(self.points[0][0]), log10(self.points[-1][0])
        share = (log10(rows) - first) / (last - first) if last > first else 0.5
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, amount: float) -> float:
        return round(HEIGHT - BOTTOM - amount / self.highest * (HEIGHT - TOP - BOTTOM), 1)


def to_svg(plot: Plot) -> str:
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">',
        _text(LEFT, 22, plot.title, "start", "15"),
        *_each_step(plot),
        *_each_point(plot),
        *([_across(plot, plot.limit, LIMIT, "6 4")] if plot.limit else []),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _each_step(plot: Plot) -> list[str]:
    amounts = [plot.highest / STEPS * step for step in range(STEPS + 1)]
    lines = [_across(plot, amount, "#d0d7de", "none") for amount in amounts]
    return lines + [_text(LEFT - 8, plot.y(amount) + 4, f"{amount:,.0f}", "end") for amount in amounts]


def _each_point(plot: Plot) -> list[str]:
    places = [(plot.x(rows), plot.y(amount)) for rows, amount in plot.points]
    path = " ".join(f"{x},{y}" for x, y in places)
    drawn = [f'<polyline points="{path}" fill="none" stroke="{LINE}" stroke-width="2"/>']
    for (rows, amount), (x, y) in zip(plot.points, places, strict=True):
        drawn.append(f'<circle cx="{x}" cy="{y}" r="4" fill="{LINE}"/>')
        drawn.append(_text(x, y - 10, f"{amount:,.0f}", "middle"))
        drawn.append(_text(x, HEIGHT - BOTTOM + 20, _short(rows), "middle"))
    return [*drawn, _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "rows", "middle")]


def _across(plot: Plot, amount: float, colour: str, dashes: str) -> str:
    y = plot.y(amount)
    return f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}" stroke="{colour}" stroke-dasharray="{dashes}"/>'


def _text(x: float, y: float, text: str, anchor: str, size: str = "13") -> str:
    return f'<text x="{x}" y="{y}" fill="{INK}" text-anchor="{anchor}" font-size="{size}">{text}</text>'


def _short(rows: int) -> str:
    return f"{rows / 1_000_000:g} million" if rows >= 1_000_000 else f"{rows:,}"
