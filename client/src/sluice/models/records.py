"""Records, and the resources of which there are records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sluice.models.base import Model

_OWN = frozenset({"object", "id", "version", "created_at", "updated_at"})


@dataclass(frozen=True, kw_only=True)
class Record(Model):
    """A record. Its fields are those of its resource."""

    id: str
    version: int = 1
    created_at: datetime | None = None
    updated_at: datetime | None = None

    @property
    def fields(self) -> Mapping[str, Any]:
        """Returns the values by field, without what the service itself knows of the record."""
        return {name: value for name, value in self.raw.items() if name not in _OWN}


@dataclass(frozen=True, kw_only=True)
class ResourceField(Model):
    """A field of a resource."""

    name: str
    label: str = ""
    type: str = ""
    required: bool = False
    read_only: bool = False
    stored: bool = True
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    max_length: int | None = None
    default: Any = None
    example: str = ""
    help: str = ""


@dataclass(frozen=True, kw_only=True)
class Reference(Model):
    """A field that names a record of another resource."""

    field: str
    resource: str = ""
    by: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Resource(Model):
    """A kind of record."""

    name: str
    plural: str = ""
    fields: tuple[ResourceField, ...] = ()
    identities: tuple[tuple[str, ...], ...] = ()
    """By which fields two rows, or a row and a record, are the same."""
    any_of: tuple[tuple[str, ...], ...] = ()
    references: tuple[Reference, ...] = ()
    actions: tuple[str, ...] = ()
    templates: Mapping[str, str] = field(default_factory=dict)
    """Files to fill in, as base64 data URLs, by format; of one resource alone, not in lists."""
