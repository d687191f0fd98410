"""The source of an import, shown before it is imported or after: what was written down about it, and having that done.

Text is looked at by whoever needs it, since its beginning says all that is shown; everything else, and text that takes
long, by an execution of its own (docs/adr/0031). Which field a column feeds is decided anew whenever it is shown, by
the options that the import has then.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.access.context import Caller, Context
from chalicelib.errors import Conflict, Refused
from chalicelib.imports.create import SPLIT, reading_budget
from chalicelib.imports.describe_source import TOO_LARGE, is_quick_to_describe, look_at_beginning, look_in_request
from chalicelib.imports.service import get_import
from chalicelib.imports.source_description import (
    SOURCE_GONE,
    SourceDescription,
    SuggestedColumn,
    find_description,
    name_of_reading,
    write_description,
)
from chalicelib.imports.source_values import UnknownWord, each_unknown_word
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.columns import SourceColumn
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import
from chalicelib.model.limits import Limits
from chalicelib.model.notations import SourceNotations
from chalicelib.model.retention import day_of
from chalicelib.schema.column_mapping import columns_of
from chalicelib.schema.header_rules import HeaderRules


@dataclass(frozen=True, slots=True)
class InspectedSource:
    """The source of an import, and what becomes of its columns by the options that the import has now."""

    import_: Import
    description: SourceDescription
    columns: tuple[SourceColumn, ...]
    """One for each column of the description."""
    unknown_words: tuple[tuple[UnknownWord, ...], ...]
    """Of each column those that its field, or one that it may feed, cannot take by these options."""


def ask_for_description(context: Context, import_: Import) -> None:
    """Has the source of an import described as it is read now, where it takes an execution of its own. Asking again
    within a day changes nothing.
    """
    if not is_quick_to_describe(context.stores.files, import_, context.limits):
        _start_describing(context, import_)


def show_source(context: Context, caller: Caller, import_id: ImportId) -> InspectedSource:
    """Returns what the source of an import looks like that is held, or has ended, by the options that it has now.

    Raises NotFound, Conflict `source_not_ready` for any other, and until somebody has looked, which is asked for; and
    Refused `source_gone` where it is no longer kept.
    """
    import_ = get_import(context, caller, import_id)
    if not (import_.is_held or import_.is_final):
        message = f"The import is {import_.status.value}. Its source is shown while it is held, and once it has ended."
        raise Conflict("source_not_ready", message)
    description = find_description(context.stores.files, import_) or _describe_in_request(context, import_)
    if description is None:
        _start_describing(context, import_)
        raise Conflict("source_not_ready", "The source is being looked at. Ask again in a moment.")
    if description.fault is not None and description.fault.code == SOURCE_GONE:
        raise Refused("source_gone", "The source of the import is not kept.")
    return _inspected(context, import_, description)


def show_beginning(context: Context, caller: Caller, import_id: ImportId, content: bytes) -> InspectedSource:
    """Returns what the source of an import looks like by its first bytes, or all of them, by the options that the
    import has now: while it is on its way. Nothing is written down.

    Raises NotFound, and Conflict `source_not_ready` where they do not tell.
    """
    import_ = get_import(context, caller, import_id)
    budget = reading_budget(context, SPLIT)
    description = _unless_too_large(look_at_beginning(import_, content, context.limits, budget))
    if description is None:
        message = "The beginning does not show what the source looks like. Send it, and ask for it then."
        raise Conflict("source_not_ready", message)
    return _inspected(context, import_, description)


def _inspected(context: Context, import_: Import, description: SourceDescription) -> InspectedSource:
    rules = HeaderRules(RESOURCES[import_.resource], import_.column_mapping)
    columns = columns_of(rules, [one.header for one in description.columns])
    pairs = zip(description.columns, columns, strict=True)
    unknown = tuple(tuple(_each_unknown_word(import_, *pair, context.limits)) for pair in pairs)
    return InspectedSource(import_, description, columns, unknown)


def _each_unknown_word(
    import_: Import, suggested: SuggestedColumn, column: SourceColumn, limits: Limits
) -> Iterator[UnknownWord]:
    by_name = RESOURCES[import_.resource].by_name
    notations = SourceNotations(stated=import_.reading.notation, words=import_.value_mapping)
    likely = [column.field, suggested.field, *(one.field for one in suggested.candidates)]
    for name in dict.fromkeys(one for one in likely if one is not None):
        yield from each_unknown_word(by_name[name], suggested.words, notations.of(name), limits)


def _describe_in_request(context: Context, import_: Import) -> SourceDescription | None:
    """None where a request has no time for it; then an execution finds out whether anybody has."""
    budget = reading_budget(context, SPLIT)
    described = _unless_too_large(look_in_request(context.stores.files, import_, context.limits, budget))
    if described is not None:
        write_description(context.stores.files, import_, described)
    return described


def _unless_too_large(described: SourceDescription | None) -> SourceDescription | None:
    is_too_large = described is not None and described.fault is not None and described.fault.code == TOO_LARGE
    return None if is_too_large else described


def _start_describing(context: Context, import_: Import) -> None:
    context.stores.import_executions.start_describing(import_, f"{name_of_reading(import_)}-{day_of(context.clock())}")
