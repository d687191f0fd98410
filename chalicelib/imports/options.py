"""The options of an import: stated one by one, laid over each other, kept with it, and changed while it is held.

In: what a caller states, as far as it does. Out: the request with these options, or the fields of an import.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.imports.request import ImportRequest
from chalicelib.model.guard_rails import GuardRails
from chalicelib.model.import_options import ImportOptions
from chalicelib.model.imports import Import
from chalicelib.model.row_rules import RowRules


def with_options(wanted: ImportRequest, options: ImportOptions) -> ImportRequest:
    """Returns the request with these options in the place of its own; what they do not give stays."""
    rules, guard_rails = _of(RowRules, options), _of(GuardRails, options)
    others = {name: value for name, value in options.items() if name not in {*rules, *guard_rails}}
    changed: dict[str, Any] = {
        **others,
        "rules": replace(wanted.rules, **rules),
        "guard_rails": replace(wanted.guard_rails, **guard_rails),
    }
    return replace(wanted, **changed)


def _of(group: type[RowRules | GuardRails], options: ImportOptions) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name in group.__slots__}


OPTIONS = (
    *("action", "duplicate_handling", "name", "location_id", "column_mapping", "value_mapping", "reading", "rules"),
    *("guard_rails", "is_preview", "save_upload", "hold", "profile"),
)
"""The fields of a request that are fields of its import, too."""


COPIED = tuple(name for name in OPTIONS if name not in ("is_preview", "hold"))
"""Those that hold for imports that are made of one, too."""


def to_fields(wanted: ImportRequest) -> Mapping[str, Any]:
    """Returns the fields of an import that are options."""
    return {name: getattr(wanted, name) for name in OPTIONS}


def to_request(import_: Import) -> ImportRequest:
    """Returns the request that asks for an import with these options."""
    filename = import_.source.filename if import_.source else ""
    options = {name: getattr(import_, name) for name in OPTIONS}
    return ImportRequest(dialect=import_.dialect, resource=import_.resource, filename=filename, **options)
