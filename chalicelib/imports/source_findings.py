"""What an import tells of its source as a whole: from the end of prevalidation on, and at last what cleanup found."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain, islice

from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.workspace import SourceSummary
from chalicelib.model.problems import Problem
from chalicelib.schema.wrong_source import find_mostly_unknown

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
