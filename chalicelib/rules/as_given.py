"""A row as an object: what stood under which header of the source."""

from collections.abc import Mapping, Sequence

from chalicelib.model.rows import Row


def to_object(row: Row, headers: Sequence[str]) -> dict[str, object]:
    """Cells without a header come under the number of their column."""
    given = row.given
    if isinstance(given, list) and len(given) <= len(headers) and "" not in headers:
        return dict(zip(headers, given, strict=False))
    if isinstance(given, Mapping):
        return dict(given)
    names = [*(header or f"column {n}" for n, header in enumerate(headers, 1))]
    surplus = (f"column {n}" for n in range(len(headers) + 1, len(given) + 1))
    return dict(zip([*names, *surplus], given, strict=False))
