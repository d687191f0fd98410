"""The schemas of answers about mapping suggestions."""

from typing import Annotated, Literal

from typing_extensions import TypedDict

from chalicelib.api.openapi.schema_words import one_of
from chalicelib.api.packagex import RESOURCE_WORDS
from chalicelib.api.packagex.schemas import PackageXEnvelope
from chalicelib.model.columns import Evidence


class PackageXCandidate(TypedDict):
    """A field that a column may feed."""

    field: str
    label: str
    """The field's name for people."""
    confidence: float
    """0 to 1; from 0.9 on it is hardly ever wrong."""
    why: list[Annotated[str, one_of(Evidence)]]
    """name: the header is the field's name. alias: one that imports understand by themselves. words: it means the field
    in one of twelve languages. values: the samples look like it. neighbours: what the other columns are."""


class PackageXColumnSuggestion(TypedDict):
    """What is suggested for one column."""

    header: str
    field: str | None
    """Null: leave the column alone."""
    confidence: float
    """Of the field; 0 without one."""
    candidates: list[PackageXCandidate]
    """All fields that it may feed, the surest first; another column may have been given one of them."""


class PackageXMappingSuggestion(TypedDict):
    """Which column should feed which field: one assignment for all columns, no field twice."""

    object: Literal["mapping_suggestion"]
    resource: Annotated[str, one_of(RESOURCE_WORDS.values())]
    header_sample: int | None
    """Which of the samples, counted from 1, is the header line where `headers` is a title; null otherwise."""
    columns: list[PackageXColumnSuggestion]
    """In the order of the headers."""
    column_mapping: dict[str, str]
    """Header by field, as `POST /v1/imports` takes it; without columns that have no header."""
    missing: list[str]
    """Fields that a new record needs and no column feeds."""


class PackageXMappingSuggestionAnswer(PackageXEnvelope):
    """The response with a suggestion."""

    data: PackageXMappingSuggestion
    pagination: None
