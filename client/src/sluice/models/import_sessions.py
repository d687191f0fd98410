"""Import sessions: what a page needs that embeds the importer."""

from dataclasses import dataclass
from datetime import datetime

from sluice.models.base import Model


@dataclass(frozen=True, kw_only=True)
class ImportSession(Model):
    """A session in which somebody without a key makes one import."""

    id: str
    importer_url: str | None = None
    """The address of the importer, with a one-time token; of a session that was just created."""
    status: str = ""
    resource: str = ""
    allow: tuple[str, ...] = ()
    allow_origin: str = ""
    profile: str | None = None
    return_url: str | None = None
    locale: str | None = None
    import_id: str | None = None
    """The import of the file that was sent last."""
    created_by: str = ""
    created_at: datetime | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
