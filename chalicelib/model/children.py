"""Previews, and children: imports that are made of one that has ended, and with which it is busy until they end.

While an import is busy nothing else may be made of it, and it cannot be deleted. `imports/children.py` has the order in
which that is written down.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.model.ids import ImportId


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupation:
    """What makes an import busy: written only while it has a final status, is busy with nothing, and its condition
    holds.
    """

    busy_with: ImportId
    """The child; the import's own id where it is being deleted."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the import that are written beside."""
    demands_absent: tuple[str, ...] = ()
    """Fields of the import that must be None: what may be done once only has been done otherwise."""


def previews_of(resource: str) -> str:
    """Returns the name of the part of a tenant's imports that holds the previews of a resource."""
    return f"{resource}:previews"
