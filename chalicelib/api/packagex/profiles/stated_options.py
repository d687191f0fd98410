"""Options as far as they are stated, by a profile or as settings, as PackageX shows them: as a body would give them."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, cast

from typing_extensions import TypedDict

from chalicelib.api.openapi.schema_words import one_of
from chalicelib.api.packagex import ACTIONS, DUPLICATE_HANDLINGS
from chalicelib.api.packagex.imports.options import OPTION_NAMES, core_name
from chalicelib.api.packagex.imports.responses import render_mapping, render_plain, render_reading, render_tolerance
from chalicelib.api.packagex.imports.schemas import PackageXStatedReading
from chalicelib.model.import_options import ImportOptions
from chalicelib.model.row_rules import MergeRule


class PackageXStatedOptions(TypedDict, total=False):
    """Options of imports, as far as they are stated; each means what it means for an import."""

    action: Annotated[str, one_of(ACTIONS)]
    duplicate_handling: Annotated[str, one_of(DUPLICATE_HANDLINGS)]
    save_upload: bool
    location_id: str | None
    column_mapping: dict[str, str | None]
    value_mapping: dict[str, dict[str, str | bool]]
    match_by: list[str]
    preview: bool
    max_failed: int | str | None
    max_deleted: int | str | None
    all_or_nothing: bool
    merge_rules: dict[str, Annotated[str, one_of(MergeRule)]]
    create_missing: list[str]
    reading: PackageXStatedReading
    hold: bool


def render_options(options: ImportOptions) -> PackageXStatedOptions:
    """Returns the options that are stated."""
    stated: Mapping[str, Any] = {**options}
    shown = {
        name: _RENDERED.get(name, render_plain)(stated[core_name(name)])
        for name in OPTION_NAMES
        if core_name(name) in stated
    }
    return cast(PackageXStatedOptions, shown)


_RENDERED: Mapping[str, Callable[[Any], Any]] = {
    "max_failed": render_tolerance,
    "max_deleted": render_tolerance,
    "column_mapping": render_mapping,
    "reading": render_reading,
}
