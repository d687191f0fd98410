"""A row as an object: what stood under which header of the source."""

from collections.abc import Mapping, Sequence

from chalicelib.model.error_columns import surplus_name


def to_object(given: Sequence[str] | Mapping[str, object], headers: Sequence[str]) -> dict[str, object]:
    """Returns every cell under a name of its own, see `names_of`."""
    if isinstance(given, Mapping):
        return dict(given)
    return dict(zip(names_of(headers, len(given)), given, strict=False))


def names_of(headers: Sequence[str], cells: int) -> list[str]:
    """Returns the names under which a row of this many cells comes, no two of them equal.

    They are the headers. Of equal ones the first, which is the one that imports read, has its name for itself; the
    others, and columns without a header, are named by their place too. Cells beyond the header are surplus.
    """
    names: dict[str, None] = {}
    for column, header in enumerate(headers, 1):
        name = header or f"(column {column})"
        names[name if name not in names else _free_name(f"{header} (column {column})", names)] = None
    for column in range(len(headers) + 1, cells + 1):
        names[_free_name(surplus_name(column), names)] = None
    return [*names]


def _free_name(name: str, taken: Mapping[str, None]) -> str:
    while name in taken:
        name = f"{name}*"
    return name
