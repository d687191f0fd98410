"""Opens a source: takes gzip or a zip archive off, finds out what it is, and hands it to the reader of its format.

In comes a stream that is only read forwards, with what the caller says about it; out goes a table. All refusals of a
source as a whole start here, before any row is read, as far as its beginning shows them.
"""

import codecs
from dataclasses import dataclass, replace
from typing import BinaryIO, cast

from chalicelib.errors import Refused
from chalicelib.formats.detect import looks_like_json, text_format, unreadable
from chalicelib.formats.encoding.choose import (
    EVIDENCE_BYTES,
    SAMPLE_BYTES,
    Encoding,
    detect_encoding,
    resolve_stated_encoding,
)
from chalicelib.formats.encoding.findings import guess_findings, uncertain_encoding
from chalicelib.formats.json.record_names import RecordNames
from chalicelib.formats.open_binary import open_packed
from chalicelib.formats.registry import FORMATS, GZIP_MAGIC, OLE_MAGIC, ZIP_MAGIC, Format, find_format_of_name
from chalicelib.formats.streams import Beginning, Gunzip, Peekable, TimedStream
from chalicelib.formats.table import Layout, Table, TextSource
from chalicelib.formats.text import BYTE_ORDER_MARK, cut_end_mark
from chalicelib.formats.unsupported import refuse_other_formats, refuse_other_texts
from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem, quoted
from chalicelib.model.reading_budget import UNLIMITED, ReadingBudget
from chalicelib.model.reading_options import ReadingOptions


def open_table(  # noqa: PLR0913 - what is known of a source, and what it may take
    stream: BinaryIO,
    options: ReadingOptions,
    limits: Limits,
    *,
    filename: str = "",
    record_names: RecordNames | None = None,
    budget: ReadingBudget = UNLIMITED,
) -> Table:
    """Returns the table that a source holds.

    The stream is read forwards only, and must stay open while rows are taken. `record_names` are the names that its
    records should have for their fields; None where no resource was stated. `budget` is what reading it may take.

    Raises Refused with one of: empty_source, unreadable_format, too_large, too_many_columns, too_many_rows,
    expansion_refused, damaged_workbook, encrypted_workbook, sheet_not_found, unsupported_encoding, encoding_uncertain,
    unreadable_header, invalid_json, ambiguous_list, invalid_option.
    """
    opening = _Opening(_checked(options), limits, record_names or RecordNames.of_any(), budget)
    table = opening.open(Peekable(TimedStream(stream, budget)), filename)
    return replace(table, blocks=budget.each_within(table.blocks))


def open_beginning(  # noqa: PLR0913 - as `open_table`
    content: bytes,
    options: ReadingOptions,
    limits: Limits,
    *,
    filename: str = "",
    record_names: RecordNames | None = None,
    budget: ReadingBudget = UNLIMITED,
) -> Table | None:
    """Returns the table in a source of which only the first bytes are here; its last row is the problem
    `truncated_source`. Returns None where rows cannot be read without the rest: of archives, workbooks and JSON. Raises
    Refused as `open_table`.
    """
    if _is_packed(content):
        return None
    stream = cast(BinaryIO, Beginning(content))
    table = open_table(stream, options, limits, filename=filename, record_names=record_names, budget=budget)
    return table if FORMATS[table.format].read_split else None


def find_layout(stream: BinaryIO, options: ReadingOptions, limits: Limits, *, filename: str = "") -> Layout | None:
    """Returns how the splits of a source are to be opened; None where it cannot be split, or not be read at all."""
    source = Peekable(stream)
    if _is_packed(source.peek(len(ZIP_MAGIC))):
        return None
    try:
        return open_table(cast(BinaryIO, source), options, limits, filename=filename).layout
    except Refused:
        return None


def is_delimited_text(beginning: bytes) -> bool:
    """Returns whether a source that begins so is delimited text, which is known without the rest of it."""
    return not _is_packed(beginning) and not looks_like_json(beginning.decode("utf-8", "replace"))


def open_split(stream: BinaryIO, layout: Layout, limits: Limits, *, is_first: bool) -> Table:
    """Returns the table in one split, from the end of one record to the end of another. Its rows and lines are numbered
    from 1."""
    read_split = FORMATS[layout.format].read_split
    assert read_split is not None, "only formats that can be split have a layout"
    table: Table = read_split(stream, layout, limits, is_first=is_first)
    return replace(table, blocks=UNLIMITED.each_within(table.blocks))


def _is_packed(beginning: bytes) -> bool:
    return beginning.startswith((GZIP_MAGIC, ZIP_MAGIC, OLE_MAGIC[:4]))


def _checked(options: ReadingOptions) -> ReadingOptions:
    """Returns the same options. Raises Refused `invalid_option` for a format that is not known."""
    if options.format is not None and options.format not in set(Format):
        known = ", ".join(Format)
        message = f"The format {options.format[:20]!r} is not known. Use one of {known}, or leave it out."
        raise Refused("invalid_option", message, param="format", value=options.format[:20])
    return options


@dataclass(frozen=True, slots=True)
class _Opening:
    """Opens a source, or the file within an archive, with what the caller says about it."""

    options: ReadingOptions
    limits: Limits
    record_names: RecordNames
    budget: ReadingBudget
    is_in_archive: bool = False

    def open(self, source: Peekable, filename: str) -> Table:
        is_gzipped = source.peek(2) == GZIP_MAGIC
        table = self._inflated(source, filename) if is_gzipped else self._plain(source, filename)
        findings = (*table.findings, *_misleading_name(filename, table.format))
        is_whole = is_gzipped or self.is_in_archive
        layout = replace(table.layout, findings=findings) if table.layout and not is_whole else None
        return replace(table, findings=findings, layout=layout)

    def _inflated(self, source: Peekable, filename: str) -> Table:
        try:
            return self._plain(Peekable(TimedStream(Gunzip(source, self.limits), self.budget)), filename)
        except Refused as refusal:
            if refusal.code != "empty_source":
                raise
            message = "The gzip file is damaged before its first row, or empty. Make it anew and send it again."
            raise Refused("empty_source", message) from refusal

    def _plain(self, source: Peekable, filename: str) -> Table:
        sample = source.peek(SAMPLE_BYTES)
        refuse_other_formats(sample)
        if sample.startswith((ZIP_MAGIC, OLE_MAGIC)):
            return open_packed(source, self.options, self.limits, self.budget, self._open_member)
        if self.options.format and FORMATS[self.options.format].is_workbook:
            raise unreadable(f"no {self.options.format} workbook")
        return self._text(source, sample, filename)

    def _text(self, source: Peekable, sample: bytes, filename: str) -> Table:
        options, named = self.options, find_format_of_name(filename)
        encoding = resolve_stated_encoding(options.encoding, sample) if options.encoding else detect_encoding(sample)
        text = _text_of(sample[len(source.read(encoding.mark_bytes)) :], encoding, is_whole=len(sample) < SAMPLE_BYTES)
        refuse_other_texts(text)
        format_ = Format(options.format) if options.format else text_format(text, named)
        if not FORMATS[format_].is_delimited:
            return self._read(format_, source, _unicode(encoding))
        if not options.encoding:
            encoding = _decide_encoding(source, encoding)
        if named and format_ is Format.CSV and FORMATS[named].is_delimited:
            format_ = named  # a name tells a delimiter; CSV may have any
        table = self._read(format_, source, encoding)
        return replace(table, findings=(*guess_findings(encoding), *table.findings))

    def _read(self, format_: Format, stream: Peekable, encoding: Encoding) -> Table:
        read = FORMATS[format_].read
        assert read is not None, "text formats are read"
        table: Table = read(
            TextSource(
                stream=stream,
                encoding=encoding,
                options=self.options,
                limits=self.limits,
                record_names=self.record_names,
                preferred_delimiter=FORMATS[format_].delimiter,
            )
        )
        return table

    def _open_member(self, source: Peekable, filename: str) -> Table:
        """Returns the table in a file of an archive, as if it had come alone. Raises Refused for an archive within an
        archive."""
        if self.is_in_archive:
            raise unreadable("a ZIP archive within another")
        return replace(self, is_in_archive=True).open(source, filename)


def _text_of(sample: bytes, encoding: Encoding, *, is_whole: bool) -> str:
    """Returns the sample as text, without its byte order mark. Raises Refused `empty_source`."""
    text = codecs.getincrementaldecoder(encoding.name)("replace").decode(sample, is_whole).lstrip(BYTE_ORDER_MARK)
    text = cut_end_mark(text)[0]
    if is_whole and not text.strip():
        raise Refused("empty_source", "The source is empty. Send a file that has a header line and at least one row.")
    return text


def _decide_encoding(source: Peekable, encoding: Encoding) -> Encoding:
    """Returns the encoding, after a look at more of the source where the sample says nothing certain. Raises Refused
    `encoding_uncertain`."""
    if encoding.is_undecided or encoding.candidates:
        evidence = source.peek(EVIDENCE_BYTES)
        encoding = detect_encoding(evidence) if len(evidence) >= SAMPLE_BYTES else encoding
        if encoding.candidates:
            raise uncertain_encoding(evidence, encoding.candidates)
    return encoding


def _unicode(encoding: Encoding) -> Encoding:
    """Returns the encoding in which JSON is read. JSON is Unicode by its standard: other bytes are errors of their
    rows, not another encoding, unless the caller says so."""
    is_legacy = encoding.is_guessed and not encoding.name.startswith("utf")
    return Encoding("utf-8") if is_legacy else encoding


def _misleading_name(filename: str, actual: Format) -> list[Problem]:
    """Returns a finding if the name of the file promises another format than it has. A .csv with tabs misleads no
    one."""
    expected = find_format_of_name(filename)
    if expected in (None, actual) or (FORMATS[expected].is_delimited and FORMATS[actual].is_delimited):
        return []
    facts = {"expected": expected.value.upper(), "actual": actual.value.upper()}
    return [Problem(ProblemCode.EXTENSION_MISLEADS, value=quoted(filename), facts=facts)]
