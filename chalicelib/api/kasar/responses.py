"""What Kasar answers: the counts of an import with an error for each failed record, and exported records."""

import orjson

from chalicelib.api.http.response import Document
from chalicelib.api.kasar import ROW_MESSAGES
from chalicelib.api.kasar.schemas import KasarImportResult, KasarRowError
from chalicelib.exports.sync import SelectedRecords
from chalicelib.formats.write import render
from chalicelib.model.problem_codes import Severity
from chalicelib.model.problems import Problem
from chalicelib.model.resources import Resource
from chalicelib.model.rows import Outcome, RowOutcome
from chalicelib.model.task_results import InlineResult
from chalicelib.model.write_options import Formulas, Rendering

MATCHING = "X-Total-Matching"
"""How many records matched before the limit; ours, beside the published `total` of those in the answer."""


def render_import_result(resource: Resource, result: InlineResult) -> Document:
    """Returns the counts of an import, and an error for each record that failed."""
    stats = result.import_.stats
    body: KasarImportResult = {
        "object_name": resource.name,
        "created": stats.created,
        "duplicates": stats.skipped,
        "failed": stats.failed,
        "errors": [_render_error(one) for one in result.outcomes if one.outcome is Outcome.FAILED],
    }
    return Document(
        content=orjson.dumps(body), content_type="application/json", filename=f"{resource.name}_import.json"
    )


def render_json(resource: Resource, selected: SelectedRecords) -> Document:
    """Returns the records as JSON."""
    records, total = b",".join(selected.documents), len(selected.documents)
    return Document(
        content=b'{"format":"json","records":[%b],"total":%d}' % (records, total),
        content_type="application/json",
        filename=f"{resource.name}_export.json",
        headers={MATCHING: str(selected.matching)},
    )


def render_csv(resource: Resource, selected: SelectedRecords, formulas: Formulas = Formulas.DISARM) -> Document:
    """Returns the records as a CSV file."""
    filename = f"{resource.name}_export.csv"
    return Document(
        content=b"".join(render(selected.each_record(), selected.fields, Rendering(formulas=formulas))),
        content_type="text/csv",
        filename=filename,
        headers={"Content-Disposition": f'attachment; filename="{filename}"', MATCHING: str(selected.matching)},
    )


def render_message(problem: Problem) -> str:
    """Returns what is wrong with a record, in Kasar's published wording or in the same manner."""
    template = ROW_MESSAGES.get(problem.code)
    if template:
        return template.format(field=problem.field, **problem.facts)
    message = problem.message.removesuffix(".")
    return f"Field {message}" if message.startswith("'") else message


def _render_error(row_outcome: RowOutcome) -> KasarRowError:
    """Returns the one entry of a record, whatever is wrong with it. Records count from 0."""
    errors = [render_message(one) for one in row_outcome.problems if one.severity is Severity.ERROR]
    return {"index": row_outcome.row_number - 1, "code": "VALIDATION_ERROR", "message": "; ".join(errors)}
