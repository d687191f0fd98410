"""What arguments of several commands are read as, and how lines tell times."""

from datetime import UTC, datetime
from uuid import UUID

from chalicelib.model.ids import TenantId


def to_tenant(text: str) -> TenantId:
    """Returns the tenant that a text names. Raises ValueError for what is no UUID."""
    return TenantId(str(UUID(text)))


def to_time(epoch_s: int) -> str:
    """Returns a moment as people and programs read it, in UTC."""
    return datetime.fromtimestamp(epoch_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
