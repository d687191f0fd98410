"""Whether a source that came along with a request is refused as a whole: asked before the import is stored.

The first phase would find the same; a request is told at once. Headers are judged by themselves; JSON rows are read up
to the one with which the source has shown enough, which in a sound source is the first.
"""

from collections.abc import Iterable
from io import BytesIO

from chalicelib.formats import RecordNames, Table, open_table
from chalicelib.imports.phases.outcomes import has_error
from chalicelib.imports.request import ImportRequest, checked_resource
from chalicelib.model.limits import Limits
from chalicelib.model.reading_budget import ReadingBudget
from chalicelib.model.rows import RowBlock
from chalicelib.schema.key_mapping import KeyMapping
from chalicelib.schema.wrong_source import SourceHeaders, check_source, is_fit, map_headers


def check_inline(wanted: ImportRequest, table: Table, content: bytes, limits: Limits, budget: ReadingBudget) -> None:
    """Checks a source that came along: `table` is the source, opened; its rows are left to be taken. Raises Refused
    `invalid_column_mapping`, `no_known_header`, `no_identity_column`, `too_many_columns`, and
    `too_large` where reading takes more than the budget.
    """
    resource = checked_resource(wanted)
    plan = map_headers(wanted, resource, table.headers, limits)
    if not isinstance(plan, KeyMapping):
        return
    record_names = RecordNames.of(resource, wanted.column_mapping)
    rows = open_table(
        BytesIO(content), wanted.reading, limits, filename=wanted.filename, record_names=record_names, budget=budget
    ).blocks
    for _ in _each_block_read(rows, plan):
        if is_fit(wanted, resource, plan.fed):
            return
    if plan.rows:
        check_source(wanted, resource, SourceHeaders(plan.keys, plan.fed))


def _each_block_read(blocks: Iterable[RowBlock], plan: KeyMapping) -> Iterable[RowBlock]:
    """Lazy: the plan knows the keys of every block that has been taken."""
    for block in blocks:
        for row in block.each_row():
            if not has_error(row.problems):
                plan.read(row.given)  # type: ignore[arg-type] # rows without headers are mappings
        yield block
