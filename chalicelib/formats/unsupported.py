"""Refuses well-known things that are none of the formats read here, each by its name, with what to do about it.

In come the first bytes of a source, or its first text; out goes nothing, or a refusal. A table whose first cell merely
looks like the beginning of one, such as `ID;Phone` or `BEGIN`, is a table.
"""

import re
from collections.abc import Callable

from chalicelib.formats.detect import unreadable

_UNPACK = "Unpack it, and send the file that is in it."
_SAVE_AS = "Open it in a spreadsheet program, save it as XLSX or as CSV in UTF-8, and send that."
_EXPORT = "Export what you want to import as CSV or XLSX, and send that."
_CONVERT = "Export its table as CSV, NDJSON or XLSX, and send that."
_NO_TABLE = "Send the table itself, as CSV, TSV, XLSX, JSON or NDJSON."

_BY_BYTES = (
    (rb"%PDF-", "a PDF document", _NO_TABLE),
    (rb"%!PS", "a PostScript document", _NO_TABLE),
    (rb"\{\\rtf", "a rich text document", _NO_TABLE),
    (rb"PAR1[^\t\n\r\x20-\x7e]", "a Parquet file", _CONVERT),
    (rb"Obj\x01", "an Avro file", _CONVERT),
    (rb"ORC[^\t\n\r\x20-\x7e]", "an ORC file", _CONVERT),
    (rb"ARROW1\0", "an Arrow file", _CONVERT),
    (rb"\x89HDF\r\n", "an HDF5 file", _CONVERT),
    (rb"SQLite format 3\0", "an SQLite database", _CONVERT),
    (rb"\0\x01\0\0Standard (?:Jet|ACE) DB", "an Access database", _CONVERT),
    (rb"\$FL[23]@\(#\)", "an SPSS file", _CONVERT),
    (rb"<stata_dta>", "a Stata file", _CONVERT),
    (rb"\x89PNG", "a PNG image", _NO_TABLE),
    (rb"\xff\xd8\xff", "a JPEG image", _NO_TABLE),
    (rb"GIF8[79]a", "a GIF image", _NO_TABLE),
    (rb"BM.{4}\0{4}", "a bitmap image", _NO_TABLE),
    (rb"II\*\0|MM\0\*", "a TIFF image", _NO_TABLE),
    (rb"RIFF.{4}WEBP", "a WebP image", _NO_TABLE),
    (rb".{4}ftyp(?:hei|mif|avi)", "a HEIF image", _NO_TABLE),
    (rb"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (rb"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (rb"BZh[1-9]1AY&SY", "a bzip2 file", _UNPACK),
    (rb"\xfd7zXZ\0", "an xz file", _UNPACK),
    (rb"\x28\xb5\x2f\xfd", "a Zstandard file", _UNPACK),
    (rb"\x04\x22\x4d\x18", "an LZ4 file", _UNPACK),
    (rb".{257}ustar", "a tar archive", _UNPACK),
    (rb"PK\x05\x06", "an empty ZIP archive", _NO_TABLE),
)
_MAGIC = tuple((re.compile(pattern, re.DOTALL), name, advice) for pattern, name, advice in _BY_BYTES)

_LOOKED_AT_CHARACTERS = 16 << 10
_CONTROL = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_FRAGMENT = re.compile(
    r"<(?:table|thead|tbody|tr|td|th|div|ul|ol|dl|form|style|script|meta|title|center|pre|h[1-6]|section|main)\b",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,500}>|<!--")
_COMMENT = re.compile(r"<!--.*?-->\s*", re.DOTALL)
_ELEMENTS = re.compile(r"<[A-Za-z_][\w:.-]*(?:\s[^<>]*)?>\s*<")
_LEAST_TAGS = 3
_MAIL_HEADER = re.compile(
    r"(?:from|to|cc|subject|date|mime-version|message-id|received|return-path|delivered-to|reply-to|sender"
    r"|content-[a-z-]+|snapshot-content-location|x-[a-z-]+): ?.*(?:\n[ \t].*)*(?:\n|\Z)",
    re.IGNORECASE,
)
_LEAST_MAIL_HEADERS = 3
_SYLK = re.compile(r"^(?:C;(?:[XY]\d+;)+[KE]|B;[XY]\d+;[XY]\d+|F;(?:[A-Z]\w*;)*[XY]\d+)", re.MULTILINE)
_SQL = re.compile(
    r"(?:CREATE|DROP|ALTER)\s+(?:TABLE|DATABASE|SCHEMA|VIEW)\s[^,\t]*[(;]|INSERT\s+INTO\s+\S+\s*(?:\(|VALUES)"
    r"|(?:SET|USE|LOCK TABLES|PRAGMA)\s[^,\t]*;\s*$|(?:BEGIN|START)(?:\s+TRANSACTION)?;\s*$",
    re.IGNORECASE | re.MULTILINE,
)


def refuse_other_formats(sample: bytes) -> None:
    """Raises Refused `unreadable_format` that names what the bytes are."""
    for magic, name, advice in _MAGIC:
        if magic.match(sample):
            raise unreadable(name, advice)


def refuse_other_texts(text: str) -> None:
    """Raises Refused `unreadable_format` that names what the text is, or binary data that is none."""
    start = text[:_LOOKED_AT_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff \t\n")
    for name, advice, is_one in _BY_TEXT:
        if is_one(start):
            raise unreadable(name, advice)
    if len(_CONTROL.findall(text)) + text.count("\0") > max(8, len(text) // 10):
        raise unreadable("binary data")


def _begins(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda start: compiled.match(start) is not None


def _is_page(start: str) -> bool:
    """Returns whether the text is a page, or a fragment of one: that needs more than one tag, since a cell may hold
    one."""
    start = _COMMENT.sub("", start, count=3)
    if _PAGE.match(start):
        return True
    return _FRAGMENT.match(start) is not None and len(_TAG.findall(start)) >= _LEAST_TAGS


def _is_xml(start: str) -> bool:
    if start.startswith(("<?xml ", "<!DOCTYPE ")):
        return True
    start = _COMMENT.sub("", start, count=3)
    return _ELEMENTS.match(start) is not None and "</" in start and len(_TAG.findall(start)) >= _LEAST_TAGS


def _is_mail(start: str) -> bool:
    """Returns whether the first lines are headers that every message has."""
    position = 0
    for _ in range(_LEAST_MAIL_HEADERS):
        header = _MAIL_HEADER.match(start, position)
        if header is None:
            return False
        position = header.end()
    return True


def _is_web_archive(start: str) -> bool:
    return _is_mail(start) and re.search("^content-type: *multipart/related", start, re.I | re.M) is not None


def _is_sylk(start: str) -> bool:
    return start.startswith("ID;P") and _SYLK.search(start) is not None


def _is_sql(start: str) -> bool:
    """Returns whether the text begins with a statement, behind comments if there are any."""
    lines = (line for line in start.split("\n") if line.strip() and not line.startswith(("--", "/*", "#")))
    return _SQL.match(next(lines, "")) is not None


_BY_TEXT: tuple[tuple[str, str, Callable[[str], bool]], ...] = (
    ("an XML spreadsheet", _SAVE_AS, _begins(r"<\?xml .*?\?>\s*(?:<\?mso-application progid=.Excel|<Workbook\b)")),
    ("an HTML page", _SAVE_AS, _is_page),
    ("XML", _EXPORT, _is_xml),
    ("a web archive (MHT)", _SAVE_AS, _is_web_archive),
    ("an e-mail", _EXPORT, _is_mail),
    ("a mailbox (mbox)", _EXPORT, _begins(r"From \S+@?\S* .*\d{4}\n[\w-]+: ")),
    ("a SYLK file", _SAVE_AS, _is_sylk),
    ("a DIF file", _SAVE_AS, _begins(r'TABLE\n0,1\n".*"\nVECTORS\n')),
    ("a vCard", _EXPORT, _begins(r"BEGIN:VCARD *\n")),
    ("an iCalendar file", _EXPORT, _begins(r"BEGIN:V(?:CALENDAR|EVENT|TODO) *\n")),
    ("an LDIF file", _EXPORT, _begins(r"(?:version: *\d+\n+)?dn:: ?\S|(?:version: *\d+\n+)?dn: \w+=")),
    ("an SQL dump", _CONVERT, _is_sql),
    ("a signed or encrypted message", _NO_TABLE, _begins(r"-----BEGIN [A-Z0-9 ]+-----\n")),
)
"""In the order in which they are looked for."""
