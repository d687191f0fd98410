"""The options of an import as bodies give them, each of which may be left out: at its creation, and while it is held.

Null is as good as the default: it takes the place of what a profile or the settings say. `reading` is ours, as are all
but `duplicate_handling`, `save_upload`, `name`, `location_id` and `column_mapping` (PackageX, create import).
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, cast

from pydantic import Field, StrictBool, StrictInt, StrictStr
from pydantic.json_schema import WithJsonSchema

from chalicelib.api.http.request_model import RequestModel
from chalicelib.api.openapi.schema_words import one_of, text
from chalicelib.api.packagex import ACTIONS, DUPLICATE_HANDLINGS
from chalicelib.api.packagex.parameters import ShortText
from chalicelib.errors import Refused
from chalicelib.formats import Format
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.guard_rails import Tolerance
from chalicelib.model.import_options import ImportOptions
from chalicelib.model.imports import Action, DuplicateHandling
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.notations import DateOrder, DecimalSign
from chalicelib.model.problems import quoted
from chalicelib.model.reading_options import ReadingOptions
from chalicelib.model.row_rules import MergeRule
from chalicelib.schema.header_rules import NOT_READ

ActionWord = Literal["merge", "overwrite", "delete", "create", "update"]
MergeRuleWord = Literal["always", "if_empty", "never", "append", "append_line", "merge"]
Character = Annotated[StrictStr, text(1, 1)]
MOST_REFERENCES = max(len(one.references) for one in RESOURCES.values())
MOST_IDENTITIES = max(len(one.identities) for one in RESOURCES.values())
MOST_ALLOWED = 1_000_000_000
"""The largest number of a guard rail: more than any import has rows, or any tenant records."""
PERCENT = r"^(100(\.0{1,2})?|[0-9]{1,2}(\.[0-9]{1,2})?)%$"
MostOf = Annotated[
    object,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 0, "maximum": MOST_ALLOWED},
                {"type": "string", "pattern": PERCENT},
                {"type": "null"},
            ],
            "default": None,
        }
    ),
]
"""A number, or a part of all; what is neither is refused in one sentence."""
BooleanWords = Annotated[tuple[ShortText, ...], Field(max_length=DEFAULT_LIMITS.notation_words)]

MERGE_RULES = {str(one): one for one in MergeRule}
DECIMAL_SIGNS = {".": DecimalSign.POINT, ",": DecimalSign.COMMA} | {str(one): one for one in DecimalSign}
"""The signs themselves are taken for their names."""
DATE_ORDERS = {"dmy": DateOrder.DAY_FIRST, "mdy": DateOrder.MONTH_FIRST} | {str(one): one for one in DateOrder}
"""The letters of day, month and year are taken for the names, too."""


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
    date_order: Annotated[StrictStr, one_of(DATE_ORDERS)] | None = None
    """Of dates such as 03/04/2024: day_first or month_first, also dmy and mdy. A year that comes first needs none."""
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
        order: Any = DATE_ORDERS.get(self.date_order or "", self.date_order)
        return ReadingOptions(**self.model_dump() | {"decimal": decimal, "date_order": order})


class PackageXImportOptions(RequestModel):
    """What may be stated of an import, and of one that is held stated anew."""

    duplicate_handling: Literal["ignore_all", "use_first"] | None = None
    """Of rows of this source that mean the same thing: skip every one, or keep the first. Otherwise `ignore_all`."""
    save_upload: StrictBool | None = None
    """Keep the upload as CSV and JSON; true otherwise."""
    location_id: ShortText | None = None
    """For rows without a location; limits what an overwrite cleans up."""
    column_mapping: dict[str, ShortText | None] | None = None
    """Header by field; null for a field that no column is to feed, whatever its header."""
    value_mapping: dict[str, dict[str, StrictStr | StrictBool]] | None = None
    """By field with choices, or that is true or false, what words of the source mean; they go before those that are
    known. 200 words at most."""
    match_by: Annotated[tuple[ShortText, ...], Field(max_length=MOST_IDENTITIES)] | None = None
    """Unique identities by which rows find their records, the surest first: the first that finds one decides. All of
    the resource's where none is named, none of which may then find another record."""
    preview: StrictBool | None = None
    """Decide everything and write nothing: the stats are those of the import that it would be."""
    max_failed: MostOf = None
    """Rows that may fail, as a number or a part such as 5%; if more would, nothing is written and the import fails."""
    max_deleted: MostOf = None
    """The same for records that an overwrite cleans up, or a delete deletes."""
    all_or_nothing: StrictBool | None = None
    """If a row fails, nothing is written. If one fails only while others are written, since records have changed
    meanwhile, the import fails, too, and is undone."""
    merge_rules: dict[str, MergeRuleWord] | None = None
    """By field, what becomes of the stored value of a record that a row matches. A created record takes all values.
    `append` is for lists and texts, `append_line` for texts, `merge` for maps; identities take the other three."""
    create_missing: Annotated[tuple[ShortText, ...], Field(max_length=MOST_REFERENCES)] | None = None
    """Fields that name records of other resources, such as `company_name`: a record that does not exist is created."""
    reading: PackageXReadingOptions | None = None
    hold: StrictBool | None = None
    """Async only: once its file is here, the import waits for `{"status": "queued"}`; until then everything that is
    stated here may be stated anew."""

    def to_options(self) -> ImportOptions:
        """Returns the options that are given, in the core's words. Raises Refused `invalid_parameter`."""
        given = {name for name in self.model_fields_set if name in _OPTIONS}
        options: dict[str, Any] = {}
        for name in sorted(given):
            core_name, to_core, default = _OPTIONS[name]
            value = getattr(self, name)
            options[core_name] = default if value is None else to_core(value)
        return cast(ImportOptions, options)


def _to_tolerance(param: str) -> Callable[[object], Tolerance]:
    def to_tolerance(given: object) -> Tolerance:
        is_number = type(given) is int and 0 <= given <= MOST_ALLOWED
        found = Tolerance.from_given(given) if isinstance(given, str) or is_number else None  # type: ignore[arg-type]
        if found is None:
            message = f"Must be a number from 0 to {MOST_ALLOWED}, or a part of all from 0% to 100%: 5%, 2.5%."
            raise Refused("invalid_parameter", message, param=param)
        return found

    return to_tolerance


def _same(value: Any) -> Any:
    return value


def _to_mapping(headers: Mapping[str, str | None]) -> dict[str, str]:
    """A null becomes `NOT_READ`; a header that is empty stays one, to be refused."""
    empty = next((name for name, header in headers.items() if header == NOT_READ), None)
    if empty is not None:
        message = f"'{quoted(empty)}' must be mapped to a header, not ''; null leaves it alone."
        raise Refused("invalid_column_mapping", message, param="column_mapping")
    return {name: NOT_READ if header is None else header for name, header in headers.items()}


def _to_merge_rules(words: Mapping[str, str]) -> dict[str, MergeRule]:
    return {name: MERGE_RULES[word] for name, word in words.items()}


def core_name(parameter: str) -> str:
    """Returns what the core calls an option."""
    return _OPTIONS[parameter][0]


OPTION_NAMES = (
    *("action", "duplicate_handling", "save_upload", "location_id", "column_mapping", "value_mapping"),
    *("match_by", "preview", "max_failed", "max_deleted", "all_or_nothing"),
    *("merge_rules", "create_missing", "reading", "hold"),
)
"""The parameters that are options."""

_OPTIONS: Mapping[str, tuple[str, Callable[[Any], Any], Any]] = {
    "action": ("action", ACTIONS.__getitem__, Action.MERGE),
    "duplicate_handling": ("duplicate_handling", DUPLICATE_HANDLINGS.__getitem__, DuplicateHandling.IGNORE_ALL),
    "save_upload": ("save_upload", _same, True),
    "location_id": ("location_id", _same, None),
    "column_mapping": ("column_mapping", _to_mapping, {}),
    "value_mapping": ("value_mapping", _same, {}),
    "match_by": ("match_by", _same, ()),
    "preview": ("is_preview", _same, False),
    "max_failed": ("max_failed", _to_tolerance("max_failed"), None),
    "max_deleted": ("max_deleted", _to_tolerance("max_deleted"), None),
    "all_or_nothing": ("all_or_nothing", _same, False),
    "merge_rules": ("merge_rules", _to_merge_rules, {}),
    "create_missing": ("create_missing", _same, ()),
    "reading": ("reading", PackageXReadingOptions.to_options, ReadingOptions()),
    "hold": ("hold", _same, False),
}
"""By parameter: the core's name, how a value becomes the core's, and the core's default."""
