"""What may be said of an import, by name and type; docs/packagex.md tells what each option means."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict


class ProfileOptions(TypedDict, total=False):
    """What an import, or its profile, may state."""

    action: Literal["merge", "create", "update", "overwrite", "delete"]
    duplicate_handling: Literal["use_first", "ignore_all"]
    column_mapping: Mapping[str, str | None]
    match_by: Sequence[str]
    merge_rules: Mapping[str, str]
    create_missing: Sequence[str]
    max_failed: int | str | None
    max_deleted: int | str | None
    all_or_nothing: bool
    location_id: str
    save_upload: bool
    reading: Mapping[str, Any]
    preview: bool
    hold: bool


class ImportOptions(ProfileOptions, total=False):
    """What may be said of an import beside its resource."""

    profile: str
    name: str
    filename: str
