"""The source of an import as PackageX shows it; there is no such answer of PackageX's own."""

from collections.abc import Iterable

from chalicelib.api.packagex.imports.responses import render_finding
from chalicelib.api.packagex.imports.source_schemas import (
    PackageXSeenDates,
    PackageXSource,
    PackageXSourceColumn,
    PackageXUnreadableSource,
)
from chalicelib.api.packagex.mapping_suggestions.schemas import PackageXCandidate
from chalicelib.imports.inspected_source import InspectedSource
from chalicelib.imports.source_description import LikelyField, SourceFault, SuggestedColumn
from chalicelib.imports.source_values import SeenDates, UnknownWord
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.columns import SourceColumn
from chalicelib.model.resources import Resource

_DIGITS = 2
"""Of a confidence."""


def render_source(shown: InspectedSource) -> PackageXSource:
    """Returns what the source of an import looks like."""
    description, resource = shown.description, RESOURCES[shown.import_.resource]
    columns = zip(description.columns, shown.columns, shown.unknown_words, strict=True)
    return {
        "object": "import_source",
        "id": shown.import_.import_id,
        "fault": _render_fault(description.fault) if description.fault else None,
        "format": description.format,
        "encoding": description.encoding,
        "delimiter": description.delimiter,
        "quote": description.quote,
        "sheet": description.sheet,
        "sheets": list(description.sheets),
        "header_row": description.header_row,
        "columns": [_render_column(resource, *one) for one in columns],
        "rows": [list(row) for row in description.rows],
        "column_mapping": description.column_mapping,
        "missing": list(description.missing),
        "findings": [render_finding(problem) for problem in description.findings],
    }


def _render_fault(fault: SourceFault) -> PackageXUnreadableSource:
    return {"code": fault.code, "message": fault.message, "param": fault.param}


def _render_column(
    resource: Resource, suggested: SuggestedColumn, column: SourceColumn, unknown_words: Iterable[UnknownWord]
) -> PackageXSourceColumn:
    return {
        "header": suggested.header,
        "field": column.field,
        "why": column.why.value,
        "suggested": suggested.field,
        "confidence": round(suggested.confidence, _DIGITS),
        "candidates": [_render_candidate(resource, one) for one in suggested.candidates],
        "unknown_words": [{"field": one.field, "word": one.word, "rows": one.rows} for one in unknown_words],
        "dates": _render_dates(suggested.dates) if suggested.dates else None,
    }


def _render_dates(seen: SeenDates) -> PackageXSeenDates:
    return {"order": seen.order and seen.order.value, "proof": seen.proof, "unclear": seen.unclear}


def _render_candidate(resource: Resource, likely: LikelyField) -> PackageXCandidate:
    return {
        "field": likely.field,
        "label": resource.by_name[likely.field].label,
        "confidence": round(likely.confidence, _DIGITS),
        "why": list(likely.why),
    }
