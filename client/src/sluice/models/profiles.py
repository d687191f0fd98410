"""Options that imports get without stating them: profiles, which they name, and settings, which hold for all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sluice.models.base import Model


@dataclass(frozen=True, kw_only=True)
class Profile(Model):
    """Options under a name, which imports copy when they are created."""

    id: str
    name: str = ""
    resource: str = ""
    """In the singular."""
    version: int = 1
    """Counts its changes, from 1."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """What it states, as an import takes it."""
    created_by: str = ""
    updated_by: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Settings(Model):
    """What holds for a tenant's imports where neither request nor profile says otherwise; None: nothing is stated."""

    max_failed: int | str | None = None
    max_deleted: int | str | None = None
    all_or_nothing: bool | None = None
    save_upload: bool | None = None
    hold: bool | None = None
    version: int = 0
    """Counts the changes; 0 where nothing was ever stated."""
    updated_by: str | None = None
    updated_at: datetime | None = None
