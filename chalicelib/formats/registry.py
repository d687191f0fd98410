"""Every format that sources and exports may have: one `FileFormat` each, with all that is known about it.

Detection, opening, splitting and writing look formats up here, and so do requests, result files and media types. To add
a format, write its module, add its name and its entry here (and to `WritableFormat` if it is written), its tests, and
its line in docs/formats.md.

What a format is read and written with is named by `_lazily`, and imported when it is called for the first time: a
function that only needs the names of formats, or reads only CSV, does not pay for the readers of workbooks.
"""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any, Literal, get_args


class Format(StrEnum):
    """How rows are written in a file, which may be gzipped, or be the only file in a zip archive.

    The members are in the order in which callers are told them.
    """

    CSV = "csv"
    TSV = "tsv"
    XLSX = "xlsx"
    XLS = "xls"
    XLSB = "xlsb"
    ODS = "ods"
    JSON = "json"
    NDJSON = "ndjson"


ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
GZIP_MAGIC = b"\x1f\x8b"
MAGIC_BYTES = 8
"""The length of the longest of these."""

GZIP_MEDIA_TYPE = "application/gzip"
_PACKING = {GZIP_MEDIA_TYPE: ".gz", "application/zip": ".zip", "application/x-zip-compressed": ".zip"}
"""Media types of files that hold another file, with their extensions."""

_TABLE_OPTIONS = frozenset({"time_zone", "datetime_format", "formulas", "nesting"})
_DELIMITED_OPTIONS = _TABLE_OPTIONS | {"has_bom", "line_end"}


def _lazily(module: str, name: str) -> Callable[..., Any]:
    """Returns a callable that imports `chalicelib.formats.<module>` on its first call, and calls `name` in it."""

    def call(*args: Any, **kwargs: Any) -> Any:
        return getattr(import_module(f"chalicelib.formats.{module}"), name)(*args, **kwargs)

    return call


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFormat:
    """All that is known about one format."""

    name: Format
    extensions: tuple[str, ...]
    """The extensions of such files, in lower case, with their point. Exports are named by the first."""
    media_types: Mapping[str, str] = field(default_factory=dict)
    """What callers may say that they send, with the extension of such a file. Exports are sent with the first."""
    read: Callable[..., Any] | None = None
    """Text formats: a function from `TextSource` to `Table`."""
    open_book: Callable[..., Any] | None = None
    """Workbooks: a function from a `Package`, or the bytes of an OLE file, and the limits, to a `Book`."""
    read_split: Callable[..., Any] | None = None
    """A function that reads one split of a large source, `(stream, layout, limits, *, is_first)`, to `Table`; None
    where a source can only be read from its beginning to its end."""
    write: Callable[..., Any] | None = None
    """A function from `WriteRequest` to `Writer`; None where the format is only read."""
    write_options: frozenset[str] = frozenset()
    """The fields of `Rendering` that mean something in this format; all others are refused."""
    delimiter: str = ""
    """The delimiter that stands where nothing else is known; empty unless rows are cells between delimiters."""
    magic: bytes = b""
    """How files begin that are no text; empty for text."""
    members: tuple[frozenset[str], ...] = ()
    """What a zip file with this format holds: all names, in lower case, of at least one of these sets."""

    @property
    def is_workbook(self) -> bool:
        """Returns whether files hold sheets: they are read and written as a whole, and compressed already."""
        return self.open_book is not None

    @property
    def is_delimited(self) -> bool:
        """Returns whether rows are lines of cells with a delimiter between them."""
        return bool(self.delimiter)

    @property
    def is_splittable(self) -> bool:
        """Returns whether a large source may be read in splits, side by side."""
        return self.read_split is not None

    @property
    def content_type(self) -> str:
        """Returns the media type of a written file, with its charset where readers would guess another."""
        media_type = next(iter(self.media_types))
        return f"{media_type}; charset=utf-8" if self.is_delimited else media_type


_OFFICE = "application/vnd.openxmlformats-officedocument"
_EXCEL = "application/vnd.ms-excel"

_ALL = (
    FileFormat(
        name=Format.CSV,
        extensions=(".csv",),
        media_types={"text/csv": ".csv"},
        read=_lazily("csv.reader", "open_delimited"),
        read_split=_lazily("csv.reader", "open_delimited_split"),
        write=_lazily("csv.writer", "DelimitedWriter"),
        write_options=_DELIMITED_OPTIONS | {"delimiter"},
        delimiter=",",
    ),
    FileFormat(
        name=Format.TSV,
        extensions=(".tsv", ".tab"),
        media_types={"text/tab-separated-values": ".tsv"},
        read=_lazily("csv.reader", "open_delimited"),
        read_split=_lazily("csv.reader", "open_delimited_split"),
        write=_lazily("csv.writer", "DelimitedWriter"),
        write_options=_DELIMITED_OPTIONS,
        delimiter="\t",
    ),
    FileFormat(
        name=Format.XLSB,
        extensions=(".xlsb",),
        media_types={f"{_EXCEL}.sheet.binary.macroenabled.12": ".xlsb"},
        open_book=_lazily("workbooks.xlsb", "XlsbBook"),
        magic=ZIP_MAGIC,
        members=(frozenset({"xl/workbook.bin"}),),
    ),
    FileFormat(
        name=Format.XLSX,
        extensions=(".xlsx", ".xlsm", ".xltx", ".xltm"),
        media_types={
            f"{_OFFICE}.spreadsheetml.sheet": ".xlsx",
            f"{_EXCEL}.sheet.macroenabled.12": ".xlsm",
        },
        open_book=_lazily("workbooks.xlsx", "XlsxBook"),
        write=_lazily("workbooks.writer", "WorkbookWriter"),
        write_options=_TABLE_OPTIONS | {"sheet"},
        magic=ZIP_MAGIC,
        members=(frozenset({"[content_types].xml"}), frozenset({"xl/workbook.xml"})),
    ),
    FileFormat(
        name=Format.XLS,
        extensions=(".xls", ".xlt"),
        # application/vnd.ms-excel is missing on purpose: browsers call CSV so, too.
        open_book=_lazily("workbooks.xls", "XlsBook"),
        magic=OLE_MAGIC,
    ),
    FileFormat(
        name=Format.ODS,
        extensions=(".ods", ".ots"),
        media_types={"application/vnd.oasis.opendocument.spreadsheet": ".ods"},
        open_book=_lazily("workbooks.ods", "OdsBook"),
        magic=ZIP_MAGIC,
        members=(frozenset({"content.xml", "mimetype"}),),
    ),
    FileFormat(
        name=Format.JSON,
        extensions=(".json",),
        media_types={"application/json": ".json"},
        read=_lazily("json.array", "open_json"),
        write=_lazily("json.writer", "JsonWriter"),
    ),
    FileFormat(
        name=Format.NDJSON,
        extensions=(".ndjson", ".jsonl"),
        media_types={"application/x-ndjson": ".ndjson", "application/jsonl": ".ndjson"},
        read=_lazily("json.ndjson", "open_ndjson"),
        read_split=_lazily("json.ndjson", "open_ndjson_split"),
        write=_lazily("json.writer", "NdjsonWriter"),
    ),
)

FORMATS: Mapping[str, FileFormat] = MappingProxyType({one.name: one for one in _ALL})
"""By name, in the order in which zip files are recognised: an XLSB has the content types of an XLSX, too."""

WritableFormat = Literal["csv", "tsv", "json", "ndjson", "xlsx"]
"""What exports may be written as, in the order in which callers are told them."""

WRITABLE = tuple(Format(word) for word in get_args(WritableFormat))
"""The same as members: requests, links and tests of exports are made from it."""

_BY_EXTENSION = {extension: one.name for one in _ALL for extension in one.extensions}
_EXTENSIONS = _PACKING | {media_type: name for one in _ALL for media_type, name in one.media_types.items()}


def find_format_of_name(filename: str) -> Format | None:
    """Returns the format that the extension of a name stands for; `.gz` and `.zip` behind it are looked through."""
    path = PurePosixPath(filename.lower())
    path = path.with_suffix("") if path.suffix in _PACKING.values() else path
    return _BY_EXTENSION.get(path.suffix)


def find_extension(media_type: str) -> str:
    """Returns the extension of files of a media type, whose parameters are ignored; empty where it tells no format."""
    return _EXTENSIONS.get(media_type.partition(";")[0].strip().lower(), "")


def find_format_of_delimiter(delimiter: str) -> Format:
    """Returns the delimited format whose own delimiter this is; CSV, which may have any, for all others."""
    return next((one.name for one in _ALL if one.is_delimited and one.delimiter == delimiter), Format.CSV)


def find_format_of_magic(beginning: bytes) -> Format | None:
    """Returns the workbook that a file begins like; None for all other files, zip files among them."""
    plain = (one for one in _ALL if one.magic and not one.members)
    return next((one.name for one in plain if beginning.startswith(one.magic)), None)


def find_format_of_members(names: Set[str]) -> Format | None:
    """Returns which workbook a zip file with these members, in lower case, is; None where it is none."""
    return next((one.name for one in _ALL if any(wanted <= names for wanted in one.members)), None)
