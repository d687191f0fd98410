"""Pages of rows: what it costs to list what became of rows, wherever they lie and however many there are."""

from typing import Any

from bench.children import ask
from bench.figures import Figure, at_most
from bench.race import Report
from bench.sizes import Size

FLAT = 1.5
"""What counts as flat: an index is read in addition, and the page itself may hold longer rows."""

Found = dict[str, Any]
"""What one page took, as `bench.listing_rows` prints it."""


def measure_row_pages(size: Size, report: Report) -> list[Figure]:
    """Measures pages of a hundred rows of the smallest and of the largest import."""
    report("pages of rows of ended imports")
    found: list[Found] = ask("bench.listing_rows", size.rounds)
    few = {one["page"]: one for one in found if one["rows"] == found[0]["rows"]}
    return [page_figure(one, few[one["page"]], size.rounds) for one in found if one["rows"] != found[0]["rows"]]


def page_figure(many: Found, few: Found, rounds: int) -> Figure:
    """Compares the same page of two imports."""
    return Figure(
        name=f"100 rows, {many['page']} of {many['rows']:,}",
        ours=_taken(many),
        peer=f"of {few['rows']:,}: {_taken(few)}",
        value=many["cpu_s"] / few["cpu_s"],
        target=at_most(FLAT),
        counted=f"CPU, least of {rounds} rounds",
    )


def _taken(one: Found) -> str:
    return f"{one['requests']} requests, {one['bytes'] / 1024:,.0f} KB, {one['cpu_s'] * 1000:.1f} ms"
