"""Bodies and queries of PackageX's exports: checked, and turned into the core's requests.

Source: PackageX, exports; `formats`, `fields`, `since` and `options.filters` are ours. Every option that is not one of
the known ones is a filter on the field of that name: a value, a list of values, or `operator:value`.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr, create_model

from chalicelib.access.validation import checked_name
from chalicelib.api.http.request_model import RequestModel
from chalicelib.api.packagex import DIALECT, EXPORT_STATUSES
from chalicelib.api.packagex.parameters import DEFAULT_PAGE, BooleanWord, known_resource
from chalicelib.errors import Refused
from chalicelib.exports.request import ExportRequest
from chalicelib.formats.registry import FORMATS, WRITABLE, Format, WritableFormat
from chalicelib.model.filters import Condition, Filter, Group, LogicalOperator, Operator
from chalicelib.model.limits import Limits
from chalicelib.model.list_filters import ExportFilter
from chalicelib.model.resources import Field as ResourceField
from chalicelib.model.resources import FieldType
from chalicelib.model.write_options import Formulas, LineEnd, Nesting, Rendering
from chalicelib.schema.query.filter_groups import to_filter, to_operator
from chalicelib.schema.types import reader_of
from chalicelib.schema.types.value_reader import InvalidValue

ExportStatusWord = Literal["queued", "processing", "completed", "failed", "timed_out", "expired"]

DEFAULT_FORMATS = (Format.CSV, Format.JSON)
"""PackageX has a link for each."""


class PackageXExportSelection(BaseModel):
    """Which records, in which order, and how many; everything unknown is a filter on a field of that name."""

    model_config = ConfigDict(extra="allow", frozen=True, defer_build=True)

    limit: Annotated[StrictInt, Field(ge=1)] | Literal["all"] = "all"
    order_by: StrictStr | None = None
    direction: Literal["asc", "desc"] | None = None
    """Descending unless it is asc; alone it means the time of creation."""
    filters: object = None
    """A FilterGroup in either published shape, or an array of them, all of which must hold."""

    def to_order_by(self) -> str | None:
        """Returns the field to sort by: a direction alone means that of time."""
        return self.order_by or ("created_at" if self.direction else None)

    def to_filter(self, limits: Limits) -> Filter:
        """Returns the filter of all groups and all unknown options. Raises Refused `invalid_filter`."""
        given = [] if self.filters is None else self.filters if isinstance(self.filters, list) else [self.filters]
        groups = [to_filter(one, limits) for one in given]
        conditions = [_to_condition(name, value) for name, value in (self.model_extra or {}).items()]
        return Group(LogicalOperator.AND, (*groups, *conditions))


class CsvFieldOptions(RequestModel):
    """Of the files that are tables. What means nothing in any of the formats that are asked for is refused."""

    timezone: StrictStr | None = None
    datetime_format: StrictStr | None = None
    columns: dict[StrictStr, StrictBool] | None = None
    delimiter: StrictStr | None = None
    bom: StrictBool | None = None
    line_end: Literal["crlf", "lf"] | None = None
    formulas: Literal["disarm", "raw"] | None = None
    nesting: Literal["merge", "flatten"] | None = None

    def to_rendering(self, format_: Format, *, is_gzipped: bool) -> Rendering:
        """Returns how to write a file of this format, as far as the options concern it."""
        given = {_RENDERED_AS[name]: value for name, value in self._given(format_).items()}
        if "line_end" in given:
            given["line_end"] = LineEnd[str(self.line_end).upper()]
        if "formulas" in given:
            given["formulas"] = Formulas(given["formulas"])
        if "nesting" in given:
            given["nesting"] = Nesting(given["nesting"])
        return Rendering(format=format_, is_gzipped=is_gzipped and not FORMATS[format_].is_workbook, **given)

    def check(self, formats: Iterable[Format]) -> None:
        """Raises Refused `invalid_parameter` for an option that means nothing in any of the formats."""
        used = {name for format_ in formats for name in self._given(format_)}
        unused = next((name for name in _RENDERED_AS if getattr(self, name) is not None and name not in used), None)
        if unused:
            message = "Means nothing in the formats that are asked for."
            raise Refused("invalid_parameter", message, param=f"csv_field_options.{unused}")

    def _given(self, format_: Format) -> dict[str, Any]:
        concerned = (name for name, word in _RENDERED_AS.items() if word in FORMATS[format_].write_options)
        return {name: value for name in concerned if (value := getattr(self, name)) is not None}


_RENDERED_AS = {
    "timezone": "time_zone",
    "datetime_format": "datetime_format",
    "delimiter": "delimiter",
    "bom": "has_bom",
    "line_end": "line_end",
    "formulas": "formulas",
    "nesting": "nesting",
}
"""The core's word for each option but the columns."""


class PackageXExportRequest(RequestModel):
    """`POST /v1/exports`."""

    resource: StrictStr
    name: StrictStr | None = None
    format: WritableFormat | None = None
    formats: Annotated[list[WritableFormat], Field(min_length=1)] | None = None
    fields: Annotated[list[StrictStr], Field(min_length=1)] | None = None
    options: PackageXExportSelection = PackageXExportSelection()
    csv_field_options: CsvFieldOptions = CsvFieldOptions()
    gzip: StrictBool = False
    """XLSX is compressed as it is."""
    since: StrictStr | StrictInt | None = None
    """A time, or epoch seconds: only what was changed since then, deletions included."""

    def to_request(self, limits: Limits) -> ExportRequest:
        """Returns the export that is asked for, in the core's words. Raises Refused for what does not go together."""
        limit = self.options.limit
        return ExportRequest(
            dialect=DIALECT,
            resource=self.resource,
            name=self.name,
            renderings=self._renderings(),
            filter=self.options.to_filter(limits),
            fields=self._fields(),
            order_by=self.options.to_order_by(),
            is_descending=self.options.direction != "asc",
            limit=None if limit == "all" else limit,
            since_ms=_to_epoch_ms(self.since, limits) if self.since is not None else None,
            options=self.options.model_dump(exclude_unset=True),
        )

    def _renderings(self) -> tuple[Rendering, ...]:
        formats, options = self._formats(), self.csv_field_options
        options.check(formats)
        try:
            return tuple(options.to_rendering(one, is_gzipped=self.gzip) for one in formats)
        except Refused as refusal:
            parameters = {word: name for name, word in _RENDERED_AS.items()}
            param = f"csv_field_options.{parameters.get(refusal.param or '', refusal.param)}"
            raise Refused("invalid_parameter", refusal.message, param=param) from refusal

    def _formats(self) -> tuple[Format, ...]:
        if self.format and self.formats:
            raise Refused("invalid_parameter", "Give format or formats, not both.", param="formats")
        words = self.formats or ([self.format] if self.format else DEFAULT_FORMATS)
        return tuple(Format(word) for word in words)

    def _fields(self) -> tuple[str, ...]:
        """Returns `fields` in their order, or the columns that are true, in theirs."""
        columns = self.csv_field_options.columns
        if self.fields and columns:
            raise Refused("invalid_parameter", "Give fields or csv_field_options.columns, not both.", param="fields")
        names = tuple(self.fields or (name for name, is_wanted in (columns or {}).items() if is_wanted))
        if columns and not names:
            raise Refused("invalid_parameter", "No column is true.", param="csv_field_options.columns")
        return names


class PackageXExportUpdate(RequestModel):
    """`POST /v1/exports/{id}`: cancel, or rename, or both."""

    status: Literal["canceled"] | None = None
    name: StrictStr | None = None

    @property
    def is_renaming(self) -> bool:
        """Returns whether a name is given; null is one too, it takes the name away."""
        return "name" in self.model_fields_set

    def validated(self) -> "PackageXExportUpdate":
        """Returns itself. Raises Refused where nothing is to change, and for a name that none can have: before anything
        is canceled."""
        if not (self.status or self.is_renaming):
            raise Refused("invalid_parameter", 'Give a name, or {"status": "canceled"}.', param="status")
        checked_name(self.name)
        return self


class PackageXExportsQuery(RequestModel):
    """Query of `GET /v1/exports`."""

    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    limit: Annotated[int, Field(ge=1, le=100)] = DEFAULT_PAGE
    resource: str | None = None
    status: ExportStatusWord | None = None

    def to_filter(self) -> ExportFilter:
        """Returns the exports that are asked for, in the core's words. Raises Refused `unknown_resource`."""
        return ExportFilter(
            resources=frozenset({known_resource(self.resource)}) if self.resource is not None else None,
            statuses=EXPORT_STATUSES[self.status] if self.status else None,
        )


class _ExportLinksQuery(RequestModel):
    """Which links to add to an export."""

    def to_files(self) -> list[str]:
        """Returns the files to link. With the CSV file come the rows in which formulas were disarmed."""
        formats = [name.removeprefix("include_") for name, flag in self.model_dump().items() if flag in ("true", "1")]
        return [*formats, *(["csv_sanitized"] if "csv" in formats else [])]


_LINK_FLAGS: dict[str, Any] = {f"include_{name}": (BooleanWord, "false") for name in (*sorted(WRITABLE), "manifest")}

PackageXExportQuery = create_model(
    "PackageXExportQuery",
    __base__=_ExportLinksQuery,
    __module__=__name__,
    __doc__="Query of `GET /v1/exports/{id}`: which links to add.",
    **_LINK_FLAGS,
)
"""A flag for each format that is written, and one for the manifest."""


def _to_condition(name: str, value: object) -> Condition:
    """Returns the condition of one option; null asks for empty fields.

    Text may begin with an operator; where it must not be taken for one, `filters` is the unmistakable way.
    """
    if value is None:
        return Condition(name, Operator.IS_NULL)
    if isinstance(value, list):
        return Condition(name, Operator.IN, value)
    if isinstance(value, str) and ":" in value:
        word, _, rest = value.partition(":")
        return Condition(name, to_operator(word), rest) if _is_operator(word) else Condition(name, Operator.EQ, value)
    return Condition(name, Operator.EQ, value)


def _is_operator(word: str) -> bool:
    try:
        to_operator(word)
    except Refused:
        return False
    return True


def _to_epoch_ms(given: str | int, limits: Limits) -> int:
    if isinstance(given, int):
        return given * 1000
    try:
        text: Any = reader_of(ResourceField(name="since", type=FieldType.DATETIME), limits)(given)
    except InvalidValue as error:
        message = "Must be a time such as 2024-01-31T12:00:00Z, or epoch seconds."
        raise Refused("invalid_parameter", message, param="since") from error
    return int(datetime.fromisoformat(text).timestamp() * 1000)
