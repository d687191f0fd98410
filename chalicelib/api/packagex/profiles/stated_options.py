"""Options as far as they are stated, by a profile or as settings, as PackageX shows them: as a body would give them."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from enum import Enum
from typing import Annotated, Any, cast

from typing_extensions import TypedDict

from chalicelib.api.openapi.schema_words import one_of
from chalicelib.api.packagex import ACTIONS, DUPLICATE_HANDLINGS
from chalicelib.api.packagex.imports.options import OPTION_NAMES, core_name
from chalicelib.api.packagex.imports.responses import render_mapping, render_tolerance
from chalicelib.formats import Format
from chalicelib.model.import_options import ImportOptions
from chalicelib.model.notations import DateOrder, DecimalSign
from chalicelib.model.reading_options import ReadingOptions
from chalicelib.model.row_rules import MergeRule


class PackageXStatedReading(TypedDict, total=False):
    """How to read the source, as far as it is stated."""

    format: Annotated[str, one_of(Format)]
    delimiter: str
    quote: str
    encoding: str
    sheet: str
    header_row: int
    null_marker: str
    decimal: Annotated[str, one_of(DecimalSign)]
    date_order: Annotated[str, one_of(DateOrder)]
    time_zone: str
    list_separator: str
    true_words: list[str]
    false_words: list[str]


class PackageXStatedOptions(TypedDict, total=False):
    """Options of imports, as far as they are stated; each means what it means for an import."""

    action: Annotated[str, one_of(ACTIONS)]
    duplicate_handling: Annotated[str, one_of(DUPLICATE_HANDLINGS)]
    save_upload: bool
    location_id: str | None
    column_mapping: dict[str, str | None]
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
        name: _RENDERED.get(name, _plain)(stated[core_name(name)]) for name in OPTION_NAMES if core_name(name) in stated
    }
    return cast(PackageXStatedOptions, shown)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return {name: _plain(one) for name, one in value.items()} if isinstance(value, dict) else value


def _reading(reading: ReadingOptions) -> dict[str, Any]:
    return {name: _plain(value) for name, value in asdict(reading).items() if value not in (None, ())}


_RENDERED: Mapping[str, Callable[[Any], Any]] = {
    "max_failed": render_tolerance,
    "max_deleted": render_tolerance,
    "column_mapping": render_mapping,
    "reading": _reading,
}
