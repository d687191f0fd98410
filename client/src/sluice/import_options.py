"""What may be said of an import, by name and type; docs/packagex.md tells what each option means."""

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict


class ReadingOptions(TypedDict, total=False):
    """How a file is to be read, where detection would err."""

    format: str
    """csv, tsv, json, ndjson, xlsx …"""
    encoding: str
    delimiter: str
    quote: str
    sheet: str
    header_row: int
    """The line of the header, from 1."""
    null_marker: str
    """What stands for null."""
    decimal: Literal["point", "comma"]
    """What stands before the fraction of a number."""
    date_order: Literal["day_first", "month_first"]
    """Of dates such as 03/04/2024."""
    time_zone: str
    """The IANA name of the zone of times without an offset."""
    list_separator: str
    true_words: Sequence[str]
    false_words: Sequence[str]


ValueMapping = Mapping[str, Mapping[str, str | bool]]
"""By field with choices, or that is true or false, what words mean: `{"status": {"paused": "inactive"}}`."""


class ProfileOptions(TypedDict, total=False):
    """What an import, or its profile, may state."""

    action: Literal["merge", "create", "update", "overwrite", "delete"]
    duplicate_handling: Literal["use_first", "ignore_all"]
    column_mapping: Mapping[str, str | None]
    value_mapping: ValueMapping
    match_by: Sequence[str]
    merge_rules: Mapping[str, str]
    create_missing: Sequence[str]
    max_failed: int | str | None
    max_deleted: int | str | None
    all_or_nothing: bool
    location_id: str
    save_upload: bool
    reading: ReadingOptions
    preview: bool
    hold: bool


class ImportOptions(ProfileOptions, total=False):
    """What may be said of an import beside its resource."""

    profile: str
    name: str
    filename: str
