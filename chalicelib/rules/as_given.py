"""A row as an object: what stood under which header of the source."""

from collections.abc import Mapping, Sequence


def to_object(given: Sequence[str] | Mapping[str, object], headers: Sequence[str]) -> dict[str, object]:
    """Cells without a header come under the number of their column."""
    if isinstance(given, Mapping):
        return dict(given)
    return dict(zip(names_of(headers, len(given)), given, strict=False))


def names_of(headers: Sequence[str], cells: int) -> list[str]:
    """Under which so many cells come, in their order."""
    names = [header or f"column {n}" for n, header in enumerate(headers, 1)] if "" in headers else [*headers]
    return names + [f"column {n}" for n in range(len(headers) + 1, cells + 1)]
