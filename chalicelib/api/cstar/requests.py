"""Bodies and queries that cStar takes: checked, and turned into the core's requests.

Source: cStar, Import and Export; filters are those of its lists of tickets, customers and articles.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictStr

from chalicelib.api.cstar import CSTAR_RESOURCES, DIALECT, STRATEGIES
from chalicelib.api.http.request_model import RequestModel, read_query
from chalicelib.errors import Refused
from chalicelib.imports.create import InlineSource, inline_source
from chalicelib.imports.request import ImportRequest
from chalicelib.model.filters import Condition, Filter, Group, LogicalOperator, Operator
from chalicelib.model.imports import Action, DuplicateHandling
from chalicelib.model.resources import Resource
from chalicelib.model.row_rules import RowRules
from chalicelib.model.write_options import Formulas

DEFAULT_PAGE = 20
"""Logs on a page (cStar, pagination)."""

LARGER = "Send fewer records, or smaller ones, at a time."
"""What to do with records that are too many bytes, or take too long to read."""

ResourceWord = Literal["tickets", "customers", "articles"]


class CStarImportRequest(RequestModel):
    """`POST /api/v1/teams/{teamId}/import`."""

    resource: ResourceWord
    records: list[object]
    """1 to 500. Fields as cStar writes them or with underscores; what is no object fails."""
    merge_strategy: Annotated[Literal["skip", "update", "fill", "replace"], Field(alias="mergeStrategy")] = "skip"
    """What a match does to the stored record: nothing; given fields replace its own; they fill what is empty; the row
    replaces it.
    """

    def to_request(self) -> ImportRequest:
        """Returns the import that is asked for, in the core's words."""
        return ImportRequest(
            dialect=DIALECT,
            resource=self.resource,
            action=Action.MERGE,
            duplicate_handling=DuplicateHandling.USE_FIRST,
            rules=RowRules(strategy=STRATEGIES[self.merge_strategy]),
        )

    def to_inline(self, *, limit: int) -> InlineSource:
        """Returns the records as the source of the import. Raises Refused `invalid_parameter` for more of them than the
        limit, and for none.
        """
        if not 1 <= len(self.records) <= limit:
            message = f"1 to {limit} records per request, not {len(self.records)}."
            raise Refused("invalid_parameter", message, param="records")
        return inline_source(self.records, param="records", advice=LARGER)


class CStarLogsQuery(RequestModel):
    """Query of `GET /api/v1/teams/{teamId}/import`."""

    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    page_size: Annotated[int, Field(ge=1, le=100, alias="pageSize")] = DEFAULT_PAGE


class TicketFilters(RequestModel):
    """The filters of tickets (cStar, tickets)."""

    status: StrictStr | None = None
    priority: StrictStr | None = None
    assigned_to: Annotated[StrictStr | None, Field(alias="assignedTo")] = None
    customer_id: Annotated[StrictStr | None, Field(alias="customerId")] = None
    search: StrictStr | None = None


class CustomerFilters(RequestModel):
    """The filters of customers (cStar, customers)."""

    status: StrictStr | None = None
    sentiment: StrictStr | None = None
    search: StrictStr | None = None
    tag: StrictStr | None = None


class ArticleFilters(RequestModel):
    """The filters of articles (cStar, articles)."""

    status: StrictStr | None = None
    category: StrictStr | None = None
    is_public: Annotated[StrictBool | StrictStr | None, Field(alias="isPublic")] = None
    search: StrictStr | None = None
    tag: StrictStr | None = None


_FILTERS: Mapping[str, type[RequestModel]] = {
    "tickets": TicketFilters,
    "customers": CustomerFilters,
    "articles": ArticleFilters,
}

_FIELDS = {"tag": "tags"}
"""Fields of the catalogue by filter, where their names differ."""

_SEARCHED = {
    "tickets": ("title", "customerName", "initialMessage", "notes", "external_id"),
    "customers": ("name", "email", "company", "notes", "external_id"),
    "articles": ("title", "excerpt", "content", "slug"),
}


@dataclass(frozen=True, slots=True)
class CStarSelection:
    """The records of one resource that an export asks for."""

    resource: Resource
    filter: Filter
    param: str
    """Where its filters stand in the request; empty where they are parameters of the query."""

    def param_of(self, field: str) -> str | None:
        """Returns where the filter on this field stands in the request; `filters` means all of them."""
        if field == "filters":
            return self.param or None
        name = next((name for name, asked in _FIELDS.items() if asked == field), field)
        return f"{self.param}.{name}" if self.param else name


class CStarResourceRequest(RequestModel):
    """One resource of an export, with filters of its own."""

    type: ResourceWord
    filters: dict[str, object] | None = None
    """tickets: `status`, `priority`, `assignedTo`, `customerId`, `search`; customers: `status`, `sentiment`, `search`,
    `tag`; articles: `status`, `category`, `isPublic`, `search`, `tag`. All must hold. `customerId` is the customer's
    id, external id or e-mail address.
    """


class CStarExportRequest(RequestModel):
    """`POST /api/v1/teams/{teamId}/export`."""

    resources: Annotated[list[CStarResourceRequest], Field(min_length=1)]
    """Each type once."""
    format: Literal["json", "csv"] = "json"
    """csv: of one resource only."""
    formulas: Formulas = Formulas.DISARM
    """Ours: `raw` leaves formulas in CSV as they are."""

    def to_selections(self) -> list[CStarSelection]:
        """Returns what to export, resource by resource. Raises Refused for filters that a resource does not have, for a
        resource that is named twice, and for a CSV of several.
        """
        if self.format == "csv" and len(self.resources) > 1:
            raise Refused("invalid_parameter", "A CSV export takes one resource; use json for several.", param="format")
        types = [one.type for one in self.resources]
        if len(set(types)) < len(types):
            raise Refused("invalid_parameter", "Each type may be named once.", param="resources")
        places = (f"resources.{number}.filters" for number in range(len(self.resources)))
        return [_to_selection(one.type, one.filters or {}, at) for one, at in zip(self.resources, places, strict=True)]


class CStarExportQuery(RequestModel):
    """Query of `GET /api/v1/teams/{teamId}/export`: one resource, with the filters that a POST has for it."""

    type: ResourceWord
    format: Literal["json", "csv"] = "json"
    formulas: Formulas = Formulas.DISARM
    """Ours: `raw` leaves formulas in CSV as they are."""
    status: str | None = None
    """Filter of every type; all filters must hold."""
    priority: str | None = None
    """Filter of tickets."""
    assigned_to: Annotated[str | None, Field(alias="assignedTo")] = None
    """Filter of tickets."""
    customer_id: Annotated[str | None, Field(alias="customerId")] = None
    """Filter of tickets: the customer's id, external id or e-mail address."""
    sentiment: str | None = None
    """Filter of customers."""
    category: str | None = None
    """Filter of articles."""
    is_public: Annotated[str | None, Field(alias="isPublic")] = None
    """Filter of articles: true or false."""
    search: str | None = None
    """Filter of every type: a text that some field has, in any case."""
    tag: str | None = None
    """Filter of customers and articles."""

    def to_selection(self) -> CStarSelection:
        """Returns what to export. Raises Refused for filters that the resource does not have."""
        given = self.model_dump(by_alias=True, exclude_unset=True, exclude={"type", "format", "formulas"})
        return _to_selection(self.type, given)


def _to_selection(noun: str, filters: Mapping[str, object], param: str = "") -> CStarSelection:
    known = read_query(_FILTERS[noun], filters, under=param).model_dump(by_alias=True)
    parts = [_condition(noun, name, value) for name, value in known.items() if value not in (None, "")]
    return CStarSelection(CSTAR_RESOURCES[noun], Group(LogicalOperator.AND, tuple(parts)), param)


def _condition(noun: str, name: str, value: object) -> Filter:
    if name == "search":
        return _search(_SEARCHED[noun], value)
    return Condition(_FIELDS.get(name, name), Operator.EQ, value)


def _search(fields: Sequence[str], text: object) -> Filter:
    """Returns a filter for records that have the text in any of the fields, in any case."""
    return Group(LogicalOperator.OR, tuple(Condition(field, Operator.CONTAINS, text) for field in fields))
