"""Options of an import as far as they are stated: by a request, by a profile that imports may name, or by the settings
of their tenant. A name that is not there was not given, which is not the same as None.
"""

from dataclasses import dataclass
from typing import NewType

from typing_extensions import TypedDict

from chalicelib.model.guard_rails import Tolerance
from chalicelib.model.ids import TenantId
from chalicelib.model.imports import Action, DuplicateHandling
from chalicelib.model.reading_options import ReadingOptions
from chalicelib.model.row_rules import MergeRule

ProfileId = NewType("ProfileId", str)


class ImportOptions(TypedDict, total=False):
    """Options that may be given or left out; `ImportRequest` says what each means."""

    action: Action
    duplicate_handling: DuplicateHandling
    location_id: str | None
    column_mapping: dict[str, str]
    value_mapping: dict[str, dict[str, str | bool]]
    reading: ReadingOptions
    match_by: tuple[str, ...]
    merge_rules: dict[str, MergeRule]
    create_missing: tuple[str, ...]
    max_failed: Tolerance | None
    max_deleted: Tolerance | None
    all_or_nothing: bool
    is_preview: bool
    save_upload: bool
    hold: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportProfile:
    """Options under a name, which imports copy when they are created."""

    profile_id: ProfileId
    tenant_id: TenantId
    name: str
    """Of its tenant's profiles no other has it. One that is made anew under it has another id, so that id and version
    never mean other options."""
    resource: str
    options: ImportOptions
    version: int = 1
    """Counts its changes, from 1."""
    created_by: str = ""
    updated_by: str = ""
    created_at: int = 0
    updated_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantSettings:
    """Options that hold for the imports of a tenant where neither request nor profile says otherwise."""

    tenant_id: TenantId
    options: ImportOptions
    version: int = 0
    """Counts their changes; 0 where none was ever stated."""
    updated_by: str = ""
    updated_at: int = 0
