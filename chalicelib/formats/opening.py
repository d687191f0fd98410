"""Opens a source: takes gzip off, finds out what it is, and hands it to the reader of its format.

In comes a stream that is only read forwards, with what the caller says about it; out goes a table. All refusals of a
source as a whole start here, before any row is read, as far as its beginning shows them.
"""

import codecs
from dataclasses import dataclass, replace
from typing import BinaryIO, cast

from chalicelib.errors import Refused
from chalicelib.formats.delimited import open_delimited, open_delimited_span
from chalicelib.formats.encodings import SAMPLE_BYTES, Encoding, detected_encoding, encoding_named
from chalicelib.formats.json_array import open_json
from chalicelib.formats.ndjson import open_ndjson, open_ndjson_span
from chalicelib.formats.record_words import RecordWords
from chalicelib.formats.signatures import (
    OLE_MAGIC,
    ZIP_MAGIC,
    format_named,
    refuse_markup_and_binary,
    refuse_strangers,
    text_format,
    unreadable,
)
from chalicelib.formats.streams import GZIP_MAGIC, Gunzip, Peekable
from chalicelib.formats.tables import Format, Layout, Table
from chalicelib.formats.text import BYTE_ORDER_MARK, cut_end_mark
from chalicelib.formats.xlsx import open_workbook
from chalicelib.model.imports import ReadingOptions
from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem, quoted

_KIN = {Format.TSV: Format.CSV}
"""Formats that only their delimiter tells apart: a .csv with tabs misleads nobody."""


def open_table(
    stream: BinaryIO,
    options: ReadingOptions,
    limits: Limits,
    *,
    filename: str = "",
    words: RecordWords | None = None,
) -> Table:
    """The stream is read forwards only, and must stay open while rows are taken. `words` are those of the records that
    it should hold; None where nobody said which.

    Raises Refused with one of: empty_source, unreadable_format, too_large, too_many_columns, too_many_rows,
    expansion_refused, damaged_workbook, encrypted_workbook, sheet_not_found, unsupported_encoding,
    unreadable_header, invalid_json, ambiguous_list, invalid_option.
    """
    source = Peekable(stream)
    is_gzipped = source.peek(2) == GZIP_MAGIC
    if is_gzipped:
        source = Peekable(Gunzip(source, limits))
    open_it = _open_inflated if is_gzipped else _open
    table = open_it(source, _checked(options), limits, _Said(filename, words or RecordWords.of_any()))
    findings = (*table.findings, *_misleading_name(filename, table.format))
    layout = replace(table.layout, findings=findings) if table.layout and not is_gzipped else None
    return replace(table, is_gzipped=is_gzipped, findings=findings, layout=layout)


def find_layout(stream: BinaryIO, options: ReadingOptions, limits: Limits, *, filename: str = "") -> Layout | None:
    """How the spans of a source are to be opened; None where it cannot be cut, or not be read at all."""
    source = Peekable(stream)
    if source.peek(len(ZIP_MAGIC)).startswith((GZIP_MAGIC, ZIP_MAGIC)):
        return None
    try:
        return open_table(cast(BinaryIO, source), options, limits, filename=filename).layout
    except Refused:
        return None


def open_span(stream: BinaryIO, layout: Layout, limits: Limits, *, is_first: bool) -> Table:
    """A span by itself, from the end of one record to the end of another. Its rows and lines are numbered from 1."""
    open_one = open_ndjson_span if layout.format is Format.NDJSON else open_delimited_span
    return open_one(stream, layout, limits, is_first=is_first)


@dataclass(frozen=True, slots=True)
class _Said:
    """What the caller says of a source, beside the options."""

    filename: str
    words: RecordWords


def _checked(options: ReadingOptions) -> ReadingOptions:
    if options.format is not None and options.format not in set(Format):
        known = ", ".join(Format)
        message = f"The format {options.format[:20]!r} is not known. Use one of {known}, or leave it out."
        raise Refused("invalid_option", message, param="format", value=options.format[:20])
    return options


def _open_inflated(source: Peekable, options: ReadingOptions, limits: Limits, said: _Said) -> Table:
    try:
        return _open(source, options, limits, said)
    except Refused as refusal:
        if refusal.code != "empty_source":
            raise
        message = "The gzip file is damaged before its first row, or empty. Make it anew and send it again."
        raise Refused("empty_source", message) from refusal


def _open(source: Peekable, options: ReadingOptions, limits: Limits, said: _Said) -> Table:
    sample = source.peek(SAMPLE_BYTES)
    refuse_strangers(sample)
    if sample.startswith((ZIP_MAGIC, OLE_MAGIC)):
        return open_workbook(source, options, limits)
    if options.format == Format.XLSX:
        raise unreadable("no XLSX workbook")
    return _open_text(source, sample, options, limits, said)


def _open_text(source: Peekable, sample: bytes, options: ReadingOptions, limits: Limits, said: _Said) -> Table:
    encoding = encoding_named(options.encoding) if options.encoding else detected_encoding(sample)
    is_whole = len(sample) < SAMPLE_BYTES
    sample = sample[len(source.read(encoding.mark_bytes)) :]
    text = codecs.getincrementaldecoder(encoding.name)("replace").decode(sample, is_whole).lstrip(BYTE_ORDER_MARK)
    text = cut_end_mark(text)[0]
    if is_whole and not text.strip():
        raise Refused("empty_source", "The source is empty. Send a file that has a header line and at least one row.")
    refuse_markup_and_binary(text)
    named = format_named(said.filename)
    format_ = Format(options.format) if options.format else text_format(text, named)
    if format_ in (Format.JSON, Format.NDJSON):
        open_it = open_json if format_ is Format.JSON else open_ndjson
        return open_it(source, _unicode(encoding), said.words, limits)
    preferred = "\t" if Format.TSV in (options.format, named) else ","
    table = open_delimited(source, encoding, options, limits, preferred)
    return replace(table, findings=(*_guessed(encoding), *table.findings))


def _unicode(encoding: Encoding) -> Encoding:
    """JSON is Unicode by its standard: other bytes are errors of their rows, not another encoding, unless the caller
    says so.
    """
    is_legacy = encoding.is_guessed and not encoding.name.startswith("utf")
    return Encoding("utf-8") if is_legacy else encoding


def _guessed(encoding: Encoding) -> list[Problem]:
    return [Problem(ProblemCode.ENCODING_GUESSED, facts={"encoding": encoding.name})] if encoding.is_guessed else []


def _misleading_name(filename: str, actual: Format) -> list[Problem]:
    expected = format_named(filename)
    if expected is None or _KIN.get(expected, expected) == _KIN.get(actual, actual):
        return []
    facts = {"expected": expected.value.upper(), "actual": actual.value.upper()}
    return [Problem(ProblemCode.EXTENSION_MISLEADS, value=quoted(filename), facts=facts)]
