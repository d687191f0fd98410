"""The schemas of answers about settings."""

from typing import Literal

from typing_extensions import TypedDict

from chalicelib.api.packagex.schemas import PackageXEnvelope


class PackageXSettings(TypedDict):
    """What holds for imports of the tenant where neither request nor profile says otherwise; null: the default."""

    object: Literal["settings"]
    max_failed: int | str | None
    max_deleted: int | str | None
    all_or_nothing: bool | None
    save_upload: bool | None
    hold: bool | None
    version: int
    """Counts the changes; 0 where nothing was ever stated."""
    updated_by: str | None
    updated_at: int | None


class PackageXSettingsAnswer(PackageXEnvelope):
    """The response with the settings."""

    data: PackageXSettings
    pagination: None
