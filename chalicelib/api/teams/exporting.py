"""Exports as cStar shows them: several resources in one JSON object, or one of them as a CSV file.

At most 10,000 rows of each resource, latest first; where more match, a header names the resources that were cut.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from chalicelib.api.answering import Call
from chalicelib.api.teams import public_name
from chalicelib.api.teams.requests import Chosen
from chalicelib.api.teams.responses import Answer, Json, shown_record
from chalicelib.errors import Refused
from chalicelib.model.resources import Resource
from chalicelib.model.rows import Value
from chalicelib.operations.selection import RecordsWanted, Selected, select_records

CUT_HEADER = "X-Truncated-Resources"

_FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d\s().-]*\Z)")
"""How a text begins that a spreadsheet would run; signed numbers and phone numbers are harmless."""


@dataclass(frozen=True, slots=True)
class Exported:
    """One resource's part."""

    resource: Resource
    selected: Selected

    @property
    def is_cut(self) -> bool:
        return self.selected.matching > len(self.selected.documents)


def selected(call: Call, chosen: Chosen) -> Exported:
    """Raises Refused that names the filter where it stands in the request."""
    wanted = RecordsWanted(filter=chosen.filter, limit=call.context.limits.selection_records)
    try:
        return Exported(chosen.resource, select_records(call.context, call.caller, chosen.resource, wanted))
    except Refused as refusal:
        if refusal.param is None:
            raise
        param = f"{chosen.param}.{chosen.filter_of(refusal.param)}"
        raise Refused("invalid_filter", refusal.message, param=param) from refusal


def json_export(exported: Sequence[Exported]) -> Answer:
    resources: Json = {one.resource.name: _shown_records(one) for one in exported}
    total = sum(len(one.selected.documents) for one in exported)
    data: Json = {"object": "export", "format": "json", "totalRows": total, "resources": resources}
    return Answer(data=data, headers=_cut_headers(exported))


def csv_export(exported: Exported) -> Answer:
    """Every field is a column, so that the header is always the same."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(public_name(exported.resource, name) for name in exported.selected.fields)
    writer.writerows(map(_cell, fields.values()) for fields in exported.selected.each_record())
    filename = f"{exported.resource.name}_export.csv"
    return Answer(csv=text.getvalue(), filename=filename, headers=_cut_headers([exported]))


def _shown_records(exported: Exported) -> list[Json]:
    return [shown_record(exported.resource, fields) for fields in exported.selected.each_record()]


def _cut_headers(exported: Sequence[Exported]) -> dict[str, str]:
    cut = [one.resource.name for one in exported if one.is_cut]
    return {CUT_HEADER: ", ".join(cut)} if cut else {}


def _cell(value: Value) -> str:
    """Lists as their entries joined by commas, maps as JSON: both are read again so. Formulas are disarmed."""
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(one, str) and "," not in one for one in value):
        return _disarmed(",".join(map(str, value)))
    return _disarmed(value) if isinstance(value, str) else orjson.dumps(value).decode()


def _disarmed(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text
