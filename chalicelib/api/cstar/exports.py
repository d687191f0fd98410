"""Exports as cStar shows them: several resources in one JSON object, or one of them as a CSV file.

In come selections, out go at most 10,000 records of each resource, latest first. Where more match, a header names the
resources that were cut.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from chalicelib.access.context import Caller, Context
from chalicelib.api.cstar import public_name
from chalicelib.api.cstar.requests import CStarSelection
from chalicelib.api.cstar.responses import CStarAnswer, render_record
from chalicelib.api.http.response import Document, JsonObject
from chalicelib.api.http.router import Call
from chalicelib.errors import Refused
from chalicelib.exports.sync import RecordSelection, SelectedRecords, select_records
from chalicelib.formats.write import render
from chalicelib.model.resources import Resource
from chalicelib.model.write_options import Formulas, Rendering

TRUNCATED_HEADER = "X-Truncated-Resources"


@dataclass(frozen=True, slots=True)
class ResourceExport:
    """The selected records of one resource of an export."""

    resource: Resource
    selected: SelectedRecords

    @property
    def is_cut(self) -> bool:
        """Returns whether more records matched than are exported."""
        return self.selected.matching > len(self.selected.documents)


def each_export(call: Call, selections: Iterable[CStarSelection]) -> Iterator[ResourceExport]:
    """Yields the export of each selection, lazily. Together they may read as long as one alone might."""
    limits, since = call.context.limits, call.context.clock()
    for one in selections:
        left_s = since + limits.sync_export_time_s - call.context.clock()
        context = replace(call.context, limits=replace(limits, sync_export_time_s=left_s))
        yield _select(context, call.caller, one)


def _select(context: Context, caller: Caller, selection: CStarSelection) -> ResourceExport:
    """Reads the records of one resource. Raises Refused that names the filter where it stands in the request."""
    records = RecordSelection(filter=selection.filter, limit=context.limits.sync_export_records)
    try:
        return ResourceExport(selection.resource, select_records(context, caller, selection.resource, records))
    except Refused as refusal:
        if refusal.param is None:
            raise
        raise Refused("invalid_filter", refusal.message, param=selection.param_of(refusal.param)) from refusal


def render_json(exported: Sequence[ResourceExport]) -> CStarAnswer:
    """Returns the answer with the records of all resources, by resource."""
    resources: JsonObject = {one.resource.name: _render_records(one) for one in exported}
    total = sum(len(one.selected.documents) for one in exported)
    data: JsonObject = {"object": "export", "format": "json", "totalRows": total, "resources": resources}
    return CStarAnswer(data=data, name="export", headers=_truncation_headers(exported))


def render_csv(exported: ResourceExport, formulas: Formulas = Formulas.DISARM) -> Document:
    """Returns the records as a CSV file. Every field is a column, so that the header is always the same."""
    resource, selected = exported.resource, exported.selected
    names = [public_name(resource, name) for name in selected.fields]
    rows = (dict(zip(names, fields.values(), strict=True)) for fields in selected.each_record())
    filename = f"{resource.name}_export.csv"
    disposition = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return Document(
        content=b"".join(render(rows, names, Rendering(formulas=formulas))),
        content_type="text/csv",
        filename=filename,
        headers={**disposition, **_truncation_headers([exported])},
    )


def _render_records(exported: ResourceExport) -> list[JsonObject]:
    return [render_record(exported.resource, fields) for fields in exported.selected.each_record()]


def _truncation_headers(exported: Sequence[ResourceExport]) -> dict[str, str]:
    cut = [one.resource.name for one in exported if one.is_cut]
    return {TRUNCATED_HEADER: ", ".join(cut)} if cut else {}
