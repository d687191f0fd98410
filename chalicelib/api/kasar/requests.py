"""The body of an import and the query of an export in Kasar: checked, and turned into the core's requests.

A query parameter without a value counts as not given. Source: Kasar, import and export.
"""

from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from chalicelib.api.http.request_model import RequestModel
from chalicelib.api.http.strict_json import parse_strictly
from chalicelib.api.kasar import DIALECT, ROW_RULES
from chalicelib.errors import Refused
from chalicelib.exports.sync import RecordSelection
from chalicelib.imports.create import InlineSource, inline_source
from chalicelib.imports.request import ImportRequest
from chalicelib.model.filters import EVERYTHING, Condition, Filter
from chalicelib.model.imports import Action, DuplicateHandling
from chalicelib.model.limits import Limits
from chalicelib.model.resources import Resource
from chalicelib.model.write_options import Formulas
from chalicelib.schema.query.filter_groups import to_filter, to_operator

LARGER = "Send fewer records, or smaller ones, at a time."
"""What to do with records that are too many bytes, or take too long to read."""


class KasarImportRequest(RequestModel):
    """`POST /api/v1/import/{object}`."""

    records: list[object]
    """1 to 50. A field the object does not have, and what is no object, fails its record."""

    def to_inline(self, limits: Limits) -> InlineSource:
        """Returns the records as the source of the import. Raises Refused `invalid_parameter` for more of them than the
        limit, and for none.
        """
        if not 1 <= len(self.records) <= limits.kasar_import_records:
            message = f"'records' must hold 1 to {limits.kasar_import_records} records, not {len(self.records)}."
            raise Refused("invalid_parameter", message, param="records")
        return inline_source(self.records, param="records", advice=LARGER)

    @staticmethod
    def to_request(resource: Resource) -> ImportRequest:
        """Returns the import that is asked for, in the core's words."""
        return ImportRequest(
            dialect=DIALECT,
            resource=resource.name,
            action=Action.CREATE,
            duplicate_handling=DuplicateHandling.USE_FIRST,
            rules=replace(ROW_RULES, create_missing=resource.creating_fields),
            save_upload=False,
        )


class KasarExportQuery(RequestModel):
    """Query of `GET /api/v1/export/{object}`."""

    takes_empty: ClassVar[bool] = True
    """A parameter without a value counts as not given."""
    format: Literal["json", "csv"] = "json"
    fields_: str = Field("", alias="fields")
    """Names separated by commas; all where none is named."""
    filter_field: str | None = None
    """With `filter_operator` one condition."""
    filter_operator: str | None = None
    """`eq`, `ne`, `in`, `contains`, `starts_with`, `gt`, `gte`, `lt`, `lte`, `date_before`, `date_after`, `is_null`,
    `is_not_null`.
    """
    filter_value: str | None = None
    """For `in` values separated by commas."""
    filters: str | None = None
    """A group of conditions as JSON; not together with the three above."""
    sort_by: str = "created_at"
    """Any field; empty ones last either way."""
    sort_dir: Literal["asc", "desc"] = "desc"
    limit: Annotated[int, Field(ge=1)] = 1000
    """At most 10,000."""
    formulas: Formulas = Formulas.DISARM
    """Ours: `raw` leaves formulas in CSV as they are."""

    @model_validator(mode="before")
    @classmethod
    def _given_only(cls, given: dict[str, object]) -> dict[str, object]:
        return {name: value for name, value in given.items() if value != ""}

    def to_selection(self, limits: Limits) -> RecordSelection:
        """Returns the records that are asked for, in the core's words. Raises Refused for filters that are none."""
        return RecordSelection(
            filter=self._to_filter(limits),
            fields=tuple(name.strip() for name in self.fields_.split(",") if name.strip()),
            sort_by=self.sort_by,
            is_descending=self.sort_dir == "desc",
            limit=self.limit,
        )

    def _to_filter(self, limits: Limits) -> Filter:
        simple = (self.filter_field, self.filter_operator, self.filter_value)
        if self.filters is not None:
            if any(simple):
                raise Refused("invalid_parameter", "Give either filters or filter_field, not both.", param="filters")
            return to_filter(_from_json(self.filters), limits)
        if not any(simple):
            return EVERYTHING
        if self.filter_field is None or self.filter_operator is None:
            missing = "filter_field" if self.filter_field is None else "filter_operator"
            raise Refused("invalid_parameter", "Required for a simple filter.", param=missing)
        return Condition(self.filter_field, to_operator(self.filter_operator), self.filter_value or "")


def _from_json(text: str) -> object:
    try:
        return parse_strictly(text)
    except (Refused, RecursionError) as error:
        raise Refused("invalid_filter", "Must be a FilterGroup as JSON.", param="filters") from error
