"""The options of `sluice import` and `sluice profiles save`, and what of an import they state.

In go the words of the command line; out comes a `Plan`, or options as the library takes them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import click

from sluice.cli.app import App, pairs
from sluice.cli.help import Option
from sluice.cli.value_mapping import both, value_mapping_of
from sluice.errors import Forbidden
from sluice.import_options import ImportOptions, ProfileOptions
from sluice.imports import Import
from sluice.models.records import Resource
from sluice.uploads import SourceFile

F = TypeVar("F", bound=Callable[..., Any])
MAX_DELETED = "10%"
"""What an overwrite or a delete may delete, unless something else is said: the API itself has no limit."""
DATE_ORDERS = {"day-first": "day_first", "month-first": "month_first"}
DUPLICATES = {"first": "use_first", "none": "ignore_all"}
ACTIONS = ("merge", "create", "update", "overwrite", "delete")
_DELETING = frozenset({"overwrite", "delete"})
_ADDED = ("column_mapping", "merge_rules", "reading")
_READING = ("format", "encoding", "delimiter", "sheet", "header_row")

_Listed = tuple[tuple[str, ...], Mapping[str, Any], str]
WHAT, READ, FAR, KEEP = "What to do", "How to read it", "How far to go", "What to keep"
_STATED: Mapping[str, tuple[_Listed, ...]] = {
    WHAT: (
        (("-r", "--resource"), {"metavar": "NAME"}, "contacts, customers, users … [required]"),
        (
            ("-a", "--action"),
            {"metavar": "WORD", "type": click.Choice(ACTIONS)},
            "merge (default), create, update, overwrite, delete",
        ),
        (
            ("--duplicates",),
            {"metavar": "WORD", "type": click.Choice(list(DUPLICATES))},
            "first (default): keep the first of equal rows; none",
        ),
        (("--match-by",), {"metavar": "FIELDS"}, "identities that decide, in order: external_id,email"),
        (
            ("--merge-rule", "merge_rules"),
            {"metavar": "FIELD=RULE", "multiple": True},
            "What becomes of a stored value: always (default), if_empty, never, append, append_line, merge",
        ),
        (("--create-missing",), {"metavar": "FIELDS"}, "Create what these fields name: company_name"),
    ),
    READ: (
        (
            ("-m", "--map", "mapping"),
            {"metavar": "FIELD=HEADER", "multiple": True},
            "Column for a field, FIELD= for none; may be repeated",
        ),
        (("--format",), {"metavar": "WORD"}, "csv, tsv, json, ndjson, xlsx … where it is not seen"),
        (("--encoding",), {"metavar": "NAME"}, "utf-8, windows-1252, shift_jis …"),
        (("--delimiter",), {"metavar": "CHARACTER"}, "Between the cells of a row"),
        (("--sheet",), {"metavar": "NAME"}, "Sheet of a workbook"),
        (("--header-row",), {"metavar": "LINE", "type": int}, "Where the header stands, from 1"),
        (
            ("--dates",),
            {"metavar": "WORD", "type": click.Choice([*DATE_ORDERS, "ask"])},
            "03/04/2024 is day-first, month-first, or ask (default)",
        ),
        (
            ("--value-mapping",),
            {"metavar": "WORDS", "multiple": True},
            "What a word means: FIELD:FROM=TO, or a JSON file of them; may be repeated",
        ),
    ),
    FAR: (
        (("--max-failed",), {"metavar": "N"}, "Stop if more rows fail: 20, 5%, or none"),
        (("--max-deleted",), {"metavar": "N"}, "Stop if more would be deleted: 20, 10% (default), or none"),
        (("--all-or-nothing",), {"is_flag": True}, "Any failed row, and nothing is written"),
    ),
}
"""What a profile can remember."""
_OF_IMPORTS: Mapping[str, tuple[_Listed, ...]] = {
    WHAT: (
        (("--profile",), {"metavar": "NAME"}, "Remembered options; what is said here goes before"),
        (("--save-profile",), {"metavar": "NAME"}, "Remember columns and options under a name"),
    ),
    FAR: (
        (("--preview", "is_preview"), {"is_flag": True}, "Rehearse and show; write nothing"),
        (("-y", "--yes", "is_yes"), {"is_flag": True}, "Do not ask; guard rails still stop it"),
        (("--no-wait",), {"is_flag": True}, "Print the id and leave"),
        (("--resume",), {"metavar": "ID"}, "Go on with an import whose file was not sent whole"),
    ),
    KEEP: (
        (("--errors",), {"metavar": "FILE"}, "Write the failed rows, to mend in a spreadsheet"),
        (("--name",), {"metavar": "TEXT"}, "How it is called in lists; the file's name otherwise"),
    ),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be imported, and how."""

    file: SourceFile
    resource: Resource
    options: ImportOptions
    """What was said of it."""
    remembered: Mapping[str, Any] = field(default_factory=dict)
    """What its profile says of it, or the import that is gone on with."""
    resumed: Import | None = None
    """The import to go on with, which waits for this file, or is held; None for a new one."""
    is_preview: bool = False
    is_yes: bool = False
    is_waiting: bool = True
    errors: str | None = None
    """The file for failed rows."""
    save_as: str | None = None
    """The profile that is to remember it."""

    @property
    def named_headers(self) -> list[str]:
        """Returns the headers that the command line names, without those that its profile does."""
        known = self.remembered.get("column_mapping", {})
        said = self.options.get("column_mapping", {}).items()
        return [header for field, header in said if header and header != known.get(field)]

    @property
    def is_asking(self) -> bool:
        """Returns whether a person decides."""
        return self.is_waiting and not (self.is_yes or self.is_preview)

    @property
    def is_rehearsing(self) -> bool:
        """Returns whether nothing is to be written yet."""
        return self.is_preview or self.is_asking


def stating_options(function: F) -> F:
    """Gives a command the options that state something of imports."""
    return _with(function, _STATED)


def import_options(function: F) -> F:
    """Gives a command all options of an import."""
    sections = dict.fromkeys([*_STATED, *_OF_IMPORTS])
    return _with(function, {name: (*_STATED.get(name, ()), *_OF_IMPORTS.get(name, ())) for name in sections})


def _with(function: F, sections: Mapping[str, tuple[_Listed, ...]]) -> F:
    listed = [(section, *one) for section, options in sections.items() for one in options]
    for section, names, attributes, text in reversed(listed):
        function = click.option(*names, cls=Option, section=section, help=text, **attributes)(function)
    return function


def require_resource(given: Mapping[str, Any]) -> None:
    """Raises UsageError where a command line names no resource."""
    if not given["resource"]:
        raise click.UsageError("Missing option '-r' / '--resource'.")


def stated_options(given: Mapping[str, Any], resource: Resource) -> ProfileOptions:
    """Returns what the command line says of an import, and nothing else. Raises BadParameter."""
    said = [(of, given[word], to_option) for word, (of, to_option) in _TO_OPTIONS.items()]
    options = {of: to_option(value) for of, value, to_option in said if value not in (None, (), False)}
    reading = {name: given[name] for name in _READING if given[name] is not None}
    if given["dates"] in DATE_ORDERS:
        reading["date_order"] = DATE_ORDERS[given["dates"]]
    if given["value_mapping"]:
        options["value_mapping"] = value_mapping_of(given["value_mapping"], resource)
    return cast(ProfileOptions, options | ({"reading": reading} if reading else {}))


def added_to(remembered: Mapping[str, Any], options: ImportOptions) -> ImportOptions:
    """Returns the options beside a profile that says these: mappings, rules and notations add to its own, for an import
    takes each option from one place."""
    said: Mapping[str, Any] = options
    added = {name: {**remembered[name], **said[name]} for name in _ADDED if name in remembered and name in said}
    words = both(remembered.get("value_mapping", {}), said.get("value_mapping", {}))
    return cast(ImportOptions, {**options, **added, **({"value_mapping": words} if "value_mapping" in said else {})})


def with_usual_limit(app: App, remembered: Mapping[str, Any], options: ImportOptions) -> ImportOptions:
    """Returns the options with the limit that holds for deletions where nothing else was said of them: not here, not by
    the profile, and, where anything is deleted at all, not by the settings."""
    is_said = "max_deleted" in options or "max_deleted" in remembered
    if is_said or (options.get("action") in _DELETING and _is_set(app)):
        return options
    return {**options, "max_deleted": MAX_DELETED}


def limit_of(text: str) -> int | str | None:
    """Returns a limit: a number, a part of all such as 5%, or None for `none`."""
    return None if text == "none" else int(text) if text.isdecimal() else text


def _is_set(app: App) -> bool:
    try:
        return app.client.settings.get().max_deleted is not None
    except Forbidden:
        return False


def _words(text: str) -> list[str]:
    return [one.strip() for one in text.split(",")]


def _headers(texts: Iterable[str]) -> dict[str, str | None]:
    named = pairs(texts, "FIELD=HEADER, or FIELD= for none")
    return {field: header or None for field, header in named.items()}


_TO_OPTIONS: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "action": ("action", str),
    "duplicates": ("duplicate_handling", DUPLICATES.__getitem__),
    "match_by": ("match_by", _words),
    "merge_rules": ("merge_rules", lambda given: pairs(given, "FIELD=RULE")),
    "create_missing": ("create_missing", _words),
    "mapping": ("column_mapping", _headers),
    "max_failed": ("max_failed", limit_of),
    "max_deleted": ("max_deleted", limit_of),
    "all_or_nothing": ("all_or_nothing", bool),
}
"""By the name of an option on the command line, that of an import, and how a value becomes its."""
