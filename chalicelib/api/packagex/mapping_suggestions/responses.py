"""Mapping suggestions as PackageX shows them."""

from chalicelib.api.packagex import RESOURCE_WORDS
from chalicelib.api.packagex.mapping_suggestions.schemas import (
    PackageXCandidate,
    PackageXColumnSuggestion,
    PackageXMappingSuggestion,
)
from chalicelib.imports.mapping_suggestions import MappingSuggestion
from chalicelib.model.resources import Resource
from chalicelib.schema.suggestions.candidates import Candidate
from chalicelib.schema.suggestions.suggest import ColumnSuggestion

_DIGITS = 2
"""Of a confidence."""


def render_suggestion(suggestion: MappingSuggestion) -> PackageXMappingSuggestion:
    """Returns a suggestion with all its columns."""
    return {
        "object": "mapping_suggestion",
        "resource": RESOURCE_WORDS[suggestion.resource.name],
        "header_sample": suggestion.header_sample,
        "columns": [_render_column(suggestion.resource, one) for one in suggestion.columns],
        "column_mapping": suggestion.column_mapping,
        "missing": suggestion.missing,
    }


def _render_column(resource: Resource, column: ColumnSuggestion) -> PackageXColumnSuggestion:
    return {
        "header": column.header,
        "field": column.field,
        "confidence": round(column.confidence, _DIGITS),
        "candidates": [_render_candidate(resource, one) for one in column.candidates],
    }


def _render_candidate(resource: Resource, candidate: Candidate) -> PackageXCandidate:
    return {
        "field": candidate.field,
        "label": resource.by_name[candidate.field].label,
        "confidence": round(candidate.confidence, _DIGITS),
        "why": [one.value for one in candidate.why],
    }
