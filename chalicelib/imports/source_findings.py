"""What an import tells of its source as a whole, and of its columns: from the end of prevalidation on, and at last what
cleanup found."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain, islice

from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.workspace import SourceSummary
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.columns import SourceColumn
from chalicelib.model.imports import Import
from chalicelib.model.problems import Problem
from chalicelib.schema.column_mapping import columns_of, headers_by_field
from chalicelib.schema.header_rules import HeaderRules
from chalicelib.schema.wrong_source import find_mostly_unknown

HEADER_CHARACTERS = 100
"""Of a header that an import shows."""
FINDINGS_SHOWN = 50
"""How many findings an import keeps."""


def source_findings(
    context: TaskContext, summary: SourceSummary, others: Iterable[Problem] = ()
) -> tuple[Problem, ...]:
    """Returns the findings of a source that has been read. What explains most of the others comes first, and `others`
    come next.
    """
    if context.import_.undo_of is not None:
        return ()  # its rows are our own
    import_ = replace(context.import_, column_mapping=summary.column_mapping or context.import_.column_mapping)
    mostly_unknown = find_mostly_unknown(import_, context.resource, summary.headers or summary.keys)
    found = chain([mostly_unknown] if mostly_unknown else [], others, summary.findings)
    return tuple(islice(found, FINDINGS_SHOWN))


def source_columns(context: TaskContext, summary: SourceSummary) -> tuple[SourceColumn, ...]:
    """Returns the columns of a source that has been read, with the fields that they feed, as many as are shown."""
    if context.import_.undo_of is not None:
        return ()
    columns = columns_of(_rules(context.import_, summary), summary.headers or summary.keys)
    shown = columns[: context.limits.columns_shown]
    return tuple(replace(one, header=one.header[:HEADER_CHARACTERS]) for one in shown)


def source_headers(import_: Import, summary: SourceSummary) -> dict[str, str]:
    """Returns, by field, the header of a source that has been read under which the field's values stand."""
    return headers_by_field(_rules(import_, summary), summary.headers or summary.keys)


def _rules(import_: Import, summary: SourceSummary) -> HeaderRules:
    return HeaderRules(RESOURCES[import_.resource], summary.column_mapping or import_.column_mapping)
