"""Who asks: a key, its tenant, and what both have used and may use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sluice.models.base import Model


@dataclass(frozen=True, kw_only=True)
class Requests(Model):
    """What is left of the requests of a key."""

    limit: int = 0
    """In a window."""
    remaining: int = 0
    window_s: int = 0
    resets_at: datetime | None = None
    """When the window ends."""


@dataclass(frozen=True, kw_only=True)
class Caller(Model):
    """A key as the service knows it, and its tenant."""

    organization_id: str = ""
    """The tenant."""
    key_id: str = ""
    """As `created_by` of imports names it."""
    kind: str = ""
    is_test: bool = False
    """Whether it sees the tenant's test data, and nothing else."""
    scopes: tuple[str, ...] = ()
    requests: Requests | None = None
    """None where requests are not counted."""


@dataclass(frozen=True, kw_only=True)
class Key(Model):
    """An API key, without its secret, which is not kept."""

    id: str
    kind: str = ""
    name: str = ""
    hint: str = ""
    """How its secret begins and ends."""
    scopes: tuple[str, ...] = ()
    is_test: bool = False
    is_current: bool = False
    """Whether it is the one that asks."""
    status: str = ""
    """`active`, `expired` or `revoked`."""
    created_at: datetime | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class JobCounts(Model):
    """Imports, or exports, by the status they have now."""

    total: int = 0
    by_status: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Month(Model):
    """What has ended in a month of UTC, whatever became of it since then."""

    month: str = ""
    """2026-12."""
    imports: int = 0
    """Previews are counted apart."""
    import_rows: int = 0
    import_bytes: int = 0
    previews: int = 0
    preview_rows: int = 0
    exports: int = 0
    export_rows: int = 0
    export_bytes: int = 0


@dataclass(frozen=True, kw_only=True)
class Usage(Model):
    """How much a tenant has used, beside what it may."""

    since: datetime | None = None
    """The beginning of the first day."""
    imports: JobCounts = JobCounts()
    exports: JobCounts = JobCounts()
    months: tuple[Month, ...] = ()
    """Those in which anything ended, newest first."""
    limits: Mapping[str, int] = field(default_factory=dict)
    """By name; bytes and seconds where the name says so."""
    requests: Requests | None = None
