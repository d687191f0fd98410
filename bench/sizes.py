"""How much is measured: `usual` takes some four minutes on two cores, `full` as long as ten million rows need."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    name: str
    rows: int
    """Of one round of our side; slower peers take a share of them."""
    rounds: int
    growth: tuple[int, ...]
    """Rows of the imports by which growth and memory are shown."""
    formats: tuple[int, ...]
    """Rows of the sources of other formats, for memory alone."""
    starts: int
    """Cold starts."""
    imports: int = 1_000
    """Of many tenants at once, in the model of an account."""
    is_embedded: bool = False
    """Whether `make run` is measured, too."""


SMALL = "small"
"""Too small for figures that are to be told."""
SIZES = {
    SMALL: Size(
        name=SMALL, rows=4_000, rounds=2, growth=(5_000, 30_000), formats=(5_000, 20_000), starts=2, imports=100
    ),
    "usual": Size(
        name="usual", rows=20_000, rounds=5, growth=(100_000, 1_000_000), formats=(50_000, 150_000), starts=5
    ),
    "full": Size(
        name="full",
        rows=50_000,
        rounds=7,
        growth=(100_000, 300_000, 1_000_000, 3_000_000, 10_000_000),
        formats=(100_000, 1_000_000),
        starts=9,
        is_embedded=True,
    ),
}
