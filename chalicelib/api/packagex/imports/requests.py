"""Bodies and queries of PackageX's imports: checked, and turned into the core's requests.

Source: PackageX, create import and retrieve imports; `filename`, `content_type`, `size_bytes` and `reading` are ours.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool, StrictInt, StrictStr
from pydantic.json_schema import WithJsonSchema

from chalicelib.access.validation import checked_name
from chalicelib.api.http.request_model import RequestModel
from chalicelib.api.openapi.schema_words import one_of, text
from chalicelib.api.packagex import ACTIONS, DIALECT, DUPLICATE_HANDLINGS, RESOURCE_NAMES, STATUSES, UPLOAD_MODES
from chalicelib.api.packagex.imports.data_url import LARGER, read_data_url
from chalicelib.api.packagex.parameters import (
    DEFAULT_PAGE,
    BooleanWord,
    NameText,
    ResourceName,
    ShortText,
    known_resource,
)
from chalicelib.errors import Refused
from chalicelib.formats import Format
from chalicelib.imports.create import InlineSource, StatedUpload, inline_source
from chalicelib.imports.request import ImportRequest
from chalicelib.imports.service import ImportFilter
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.guard_rails import GuardRails, Tolerance
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.notations import DateOrder, DecimalSign
from chalicelib.model.object_keys import ResultFile
from chalicelib.model.reading_options import ReadingOptions
from chalicelib.model.row_rules import MergeRule, RowRules

ActionWord = Literal["merge", "overwrite", "delete", "create", "update"]
MergeRuleWord = Literal["always", "if_empty", "never", "append", "append_line", "merge"]
StatusWord = Literal["requested", "queued", "processing", "completed", "failed", "timed_out", "expired"]
Character = Annotated[StrictStr, text(1, 1)]
MOST_REFERENCES = max(len(one.references) for one in RESOURCES.values())
MOST_IDENTITIES = max(len(one.identities) for one in RESOURCES.values())
MOST_ALLOWED = 1_000_000_000
"""The largest number of a guard rail: more than any import has rows, or any tenant records."""
PERCENT = r"^(100(\.0{1,2})?|[0-9]{1,2}(\.[0-9]{1,2})?)%$"
MostOf = (
    Annotated[StrictInt, Field(ge=0, le=MOST_ALLOWED)]
    | Annotated[StrictStr, WithJsonSchema({"type": "string", "pattern": PERCENT})]
)
"""A number, or a part of all."""
PART_NUMBERS = r"^[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?$"
BooleanWords = Annotated[tuple[ShortText, ...], Field(max_length=DEFAULT_LIMITS.notation_words)]

MERGE_RULES = {str(one): one for one in MergeRule}
DECIMAL_SIGNS = {".": DecimalSign.POINT, ",": DecimalSign.COMMA} | {str(one): one for one in DecimalSign}
"""The signs themselves are taken for their names."""

SourceData = Annotated[
    object,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "array", "items": {}, "minItems": 1},
                {"type": "string", "pattern": "^data:[^,]{0,255};base64,"},
                {"type": "null"},
            ],
            "default": None,
        }
    ),
]


class PackageXReadingOptions(RequestModel):
    """How to read the source, where detection would err."""

    format: Annotated[StrictStr, one_of(Format)] | None = None
    delimiter: Character | None = None
    quote: Character | None = None
    encoding: ShortText | None = None
    """Any name the WHATWG or Python knows: utf-8, windows-1252, shift_jis."""
    sheet: ShortText | None = None
    """Of a workbook, by its name."""
    header_row: Annotated[StrictInt, Field(ge=1, le=1_000_000)] | None = None
    """On which line of the text, or row of the sheet, the header stands, counted from 1; nothing above it is read."""
    null_marker: ShortText | None = None
    """Text of a cell that stands for null."""
    decimal: Annotated[StrictStr, one_of(DECIMAL_SIGNS)] | None = None
    """What stands before the fraction of a number: point or comma."""
    date_order: Annotated[StrictStr, one_of(DateOrder)] | None = None
    """Of dates such as 03/04/2024: day_first or month_first."""
    time_zone: ShortText | None = None
    """IANA name of the zone of times without an offset; UTC otherwise."""
    list_separator: Annotated[StrictStr, WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 1})] | None = (
        None
    )
    """Between the entries of a list in one cell; a line end stands for any."""
    true_words: BooleanWords = ()
    """What means true in boolean fields, beside the words that are known."""
    false_words: BooleanWords = ()
    """What means false; no word may mean both."""

    def to_options(self) -> ReadingOptions:
        """Returns the core's reading options. Unknown words stay as they are, to be refused together with the known
        ones.
        """
        decimal: Any = DECIMAL_SIGNS.get(self.decimal or "", self.decimal)
        order: Any = next((one for one in DateOrder if one == self.date_order), self.date_order)
        return ReadingOptions(**self.model_dump() | {"decimal": decimal, "date_order": order})


class PackageXImportRequest(RequestModel):
    """`POST /v1/imports`."""

    upload_mode: Literal["sync", "async"]
    """sync: the data comes along; async: the file goes to `_upload_url`."""
    resource: ResourceName
    action: ActionWord
    """What happens to rows that match a record, and to those that match none."""
    data: SourceData = None
    """Records, or a base64 data URL; null for async. What is no object fails its row."""
    duplicate_handling: Literal["ignore_all", "use_first"] = "ignore_all"
    """Of rows of this source that mean the same thing: skip every one, or keep the first."""
    save_upload: StrictBool = True
    """Keep the upload as CSV and JSON."""
    name: NameText | None = None
    location_id: ShortText | None = None
    """For rows without a location; limits what an overwrite cleans up."""
    column_mapping: dict[str, ShortText] | None = None
    """Header by field."""
    match_by: Annotated[tuple[ShortText, ...], Field(max_length=MOST_IDENTITIES)] = ()
    """Unique identities by which rows find their records, the surest first: the first that finds one decides. All of
    the resource's where none is named, none of which may then find another record."""
    preview: StrictBool = False
    """Decide everything and write nothing: the stats are those of the import that it would be."""
    max_failed: MostOf | None = None
    """Rows that may fail, as a number or a part such as 5%; if more would, nothing is written and the import fails."""
    max_deleted: MostOf | None = None
    """The same for records that an overwrite cleans up, or a delete deletes."""
    merge_rules: dict[str, MergeRuleWord] | None = None
    """By field, what becomes of the stored value of a record that a row matches. A created record takes all values.
    `append` is for lists and texts, `append_line` for texts, `merge` for maps; identities take the other three."""
    create_missing: Annotated[tuple[ShortText, ...], Field(max_length=MOST_REFERENCES)] = ()
    """Fields that name records of other resources, such as `company_name`: a record that does not exist is created."""
    reading: PackageXReadingOptions = PackageXReadingOptions()
    filename: ShortText = ""
    content_type: ShortText | None = None
    """Signed into the upload URL; async only, as `size_bytes`."""
    size_bytes: Annotated[StrictInt, Field(gt=0)] | None = None
    """Signed into the upload URL; async only."""
    parts: StrictBool = False
    """Send the file in parts, to `_upload_parts`, and say when it is there; async only, with `size_bytes`."""

    @property
    def is_async(self) -> bool:
        """Returns whether the file is to be sent to a signed URL."""
        return self.upload_mode == "async"

    def to_request(self) -> ImportRequest:
        """Returns the import that is asked for, in the core's words."""
        return ImportRequest(
            dialect=DIALECT,
            resource=self.resource,
            action=ACTIONS[self.action],
            duplicate_handling=DUPLICATE_HANDLINGS[self.duplicate_handling],
            name=self.name,
            location_id=self.location_id,
            column_mapping=self.column_mapping or {},
            reading=self.reading.to_options(),
            guard_rails=self._to_guard_rails(),
            is_preview=self.preview,
            rules=RowRules(
                match_by=self.match_by,
                create_missing=self.create_missing,
                merge_rules={name: MERGE_RULES[word] for name, word in (self.merge_rules or {}).items()},
            ),
            save_upload=self.save_upload,
            filename=self.filename,
        )

    def _to_guard_rails(self) -> GuardRails:
        return GuardRails(
            max_failed=_to_tolerance(self.max_failed, param="max_failed"),
            max_deleted=_to_tolerance(self.max_deleted, param="max_deleted"),
        )

    def to_stated_upload(self) -> StatedUpload:
        """Returns what is stated of the upload to come. Raises Refused `invalid_parameter` where data comes along."""
        if self.data is not None:
            raise Refused("invalid_parameter", "Must be null for async; PUT it to _upload_url.", param="data")
        if self.parts and not self.size_bytes:
            raise Refused("invalid_parameter", "Say size_bytes, too: the parts follow from it.", param="parts")
        return StatedUpload(
            content_type=self.content_type or "", size_bytes=self.size_bytes or 0, is_in_parts=self.parts
        )

    def to_inline(self, *, limit_bytes: int) -> InlineSource:
        """Returns the data as the source of the import. Raises Refused `invalid_parameter` and `too_large`."""
        for name in ("content_type", "size_bytes", "parts"):
            if getattr(self, name) not in (None, False):
                raise Refused("invalid_parameter", "Belongs to async only.", param=name)
        if isinstance(self.data, list) and self.data:
            return inline_source(self.data, advice=LARGER)
        if isinstance(self.data, str):
            return read_data_url(self.data, limit_bytes=limit_bytes)
        message = "Must be an array of objects, not empty, or a base64 data URL for sync."
        raise Refused("invalid_parameter", message, param="data")


def _to_tolerance(given: int | str | None, *, param: str) -> Tolerance | None:
    found = None if given is None else Tolerance.from_given(given)
    if given is not None and found is None:
        raise Refused("invalid_parameter", "Must be a number, or a part of all from 0% to 100%: 5%, 2.5%.", param=param)
    return found


class PackageXImportUpdate(RequestModel):
    """`POST /v1/imports/{id}`: cancel, confirm a preview, say that all parts were sent, or rename; or rename and one of
    the others."""

    status: Literal["canceled", "confirmed", "uploaded"] | None = None
    """confirmed: the import that the preview was about is made, and is the answer; a name is its name. uploaded: all
    `_upload_parts` were sent; the file is made of them and the import begins."""
    name: NameText | None = None
    """Null takes the name away."""

    @property
    def is_canceling(self) -> bool:
        """Returns whether the import is to be canceled."""
        return self.status == "canceled"

    @property
    def is_uploaded(self) -> bool:
        """Returns whether all parts of the file were sent."""
        return self.status == "uploaded"

    @property
    def is_confirming(self) -> bool:
        """Returns whether a preview is to be confirmed."""
        return self.status == "confirmed"

    @property
    def is_renaming(self) -> bool:
        """Returns whether a name is given; null is one too, it takes the name away."""
        return "name" in self.model_fields_set

    def validated(self) -> "PackageXImportUpdate":
        """Returns itself. Raises Refused where nothing is to change, and for a name that none can have: before anything
        is canceled or made."""
        if not (self.status or self.is_renaming):
            raise Refused(
                "invalid_parameter",
                'Give a name, or {"status": "canceled"}, or "confirmed", or "uploaded".',
                param="status",
            )
        checked_name(self.name)
        return self


class PackageXImportsQuery(RequestModel):
    """Query of `GET /v1/imports`."""

    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    limit: Annotated[int, Field(ge=1, le=100)] = DEFAULT_PAGE
    resource: Annotated[str, one_of(RESOURCE_NAMES)] | None = None
    status: StatusWord | None = None
    upload_mode: Literal["sync", "async"] | None = None
    action: ActionWord | None = None

    def to_filter(self) -> ImportFilter:
        """Returns the imports that are asked for, in the core's words. Raises Refused `unknown_resource`."""
        return ImportFilter(
            resources=frozenset({known_resource(self.resource)}) if self.resource is not None else None,
            statuses=STATUSES[self.status] if self.status else None,
            upload_modes=frozenset({UPLOAD_MODES[self.upload_mode]}) if self.upload_mode else None,
            actions=frozenset({ACTIONS[self.action]}) if self.action else None,
        )


class PackageXImportQuery(RequestModel):
    """Query of `GET /v1/imports/{id}`: which links to add."""

    include_upload_csv: BooleanWord = "false"
    include_upload_json: BooleanWord = "false"
    include_errors_csv: BooleanWord = "false"
    include_errors_json: BooleanWord = "false"
    parts: Annotated[str, Field(pattern=PART_NUMBERS)] | None = None
    """Numbers of the parts whose signed URLs to add while the file is to come: 7, or 11-20, at most 100."""

    def to_parts(self, limits: Limits) -> range:
        """Returns the parts to link; none where none are asked for. Raises Refused `invalid_parameter`."""
        if self.parts is None:
            return range(0)
        first, _, last = self.parts.partition("-")
        numbers = range(int(first), int(last or first) + 1)
        if not 1 <= len(numbers) <= limits.upload_parts_shown:
            message = f"Must be a number or two, such as 11-20, of at most {limits.upload_parts_shown} parts."
            raise Refused("invalid_parameter", message, param="parts")
        return numbers

    def to_files(self) -> list[ResultFile]:
        """Returns the files to link."""
        return [file for file in ResultFile if getattr(self, f"include_{file.replace('.', '_')}") in ("true", "1")]
