"""The codes of all problems, each with its severity, its message and a hint.

A new code is a member of `ProblemCode` and an entry of `CATALOGUE`, both here; `docs/problems.md` is made from them by
`make pages`. The texts are templates with a problem's own facts ({value}, {field}, {limit}, …). Dialects translate
codes, never texts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a problem does to its row."""

    ERROR = "error"
    """The row fails."""
    SKIP = "skip"
    """The row is left out on purpose and counts as skipped."""
    WARNING = "warning"
    """The row goes on."""


class ProblemCode(StrEnum):
    """What can be wrong with a source or a row. A new code needs an entry in `CATALOGUE`; a test compares the two."""

    # the source as a whole
    EMPTY_SOURCE = "empty_source"
    NO_ROWS = "no_rows"
    ENCODING_GUESSED = "encoding_guessed"
    EXTENSION_MISLEADS = "extension_misleads"
    MORE_SHEETS = "more_sheets"
    MORE_PAGES = "more_pages"
    NOTATION_DECIDED = "notation_decided"
    NOTATION_MIXED = "notation_mixed"
    HEADER_ROW_FOUND = "header_row_found"
    SECOND_HEADER_ROW = "second_header_row"
    TOTALS_ROW = "totals_row"
    UPLOAD_IGNORED = "upload_ignored"
    MERGED_CELLS = "merged_cells"
    OPTIONS_DIFFER = "options_differ"
    # headers
    HEADER_DUPLICATE = "header_duplicate"
    HEADER_EMPTY = "header_empty"
    HEADER_NUL = "header_nul"
    HEADER_UNKNOWN = "header_unknown"
    HEADERS_MOSTLY_UNKNOWN = "headers_mostly_unknown"
    HEADER_MISSING = "header_missing"
    # the row as text
    HEADER_REPEATED = "header_repeated"
    ROW_TOO_SHORT = "row_too_short"
    ROW_TOO_LONG = "row_too_long"
    CELLS_LEFT_OUT = "cells_left_out"
    LINE_END_IN_ROW = "line_end_in_row"
    ROW_TOO_LARGE = "row_too_large"
    NOT_CORRECTED = "not_corrected"
    NUL_CHARACTER = "nul_character"
    UNDECODABLE_BYTES = "undecodable_bytes"
    UNCLOSED_QUOTE = "unclosed_quote"
    MISPLACED_QUOTE = "misplaced_quote"
    STRAY_QUOTE = "stray_quote"
    INVALID_JSON = "invalid_json"
    DUPLICATE_KEY = "duplicate_key"
    NOT_AN_OBJECT = "not_an_object"
    TRUNCATED_SOURCE = "truncated_source"
    CELL_ERROR = "cell_error"
    FORMULA_NOT_COMPUTED = "formula_not_computed"
    INEXACT_NUMBER = "inexact_number"
    SHOWN_OTHERWISE = "shown_otherwise"
    # values
    REQUIRED = "required"
    UNKNOWN_FIELD = "unknown_field"
    PROTECTED_FIELD = "protected_field"
    INVALID_TYPE = "invalid_type"
    INVALID_TEXT = "invalid_text"
    TOO_LONG = "too_long"
    TOO_MANY_VALUES = "too_many_values"
    INVALID_INTEGER = "invalid_integer"
    INVALID_DECIMAL = "invalid_decimal"
    AMBIGUOUS_NUMBER = "ambiguous_number"
    NOTATION_DIFFERS = "notation_differs"
    OUT_OF_RANGE = "out_of_range"
    INVALID_BOOLEAN = "invalid_boolean"
    INVALID_DATE = "invalid_date"
    AMBIGUOUS_DATE = "ambiguous_date"
    INVALID_DATETIME = "invalid_datetime"
    AMBIGUOUS_TIME = "ambiguous_time"
    INVALID_EMAIL = "invalid_email"
    INVALID_PHONE = "invalid_phone"
    INVALID_URL = "invalid_url"
    INVALID_ID = "invalid_id"
    NOT_A_CHOICE = "not_a_choice"
    RECORD_TOO_LARGE = "record_too_large"
    # identity and matching
    NO_IDENTITY = "no_identity"
    LOCATION_LEFT = "location_left"
    RECORDS_MENTIONED = "records_mentioned"
    DUPLICATE_IN_SOURCE = "duplicate_in_source"
    AMBIGUOUS_MATCH = "ambiguous_match"
    ALREADY_EXISTS = "already_exists"
    MATCHES_RECORD = "matches_record"
    NOT_FOUND = "not_found"
    IDENTITY_TAKEN = "identity_taken"
    OVERTAKEN = "overtaken"
    # undoing
    CHANGED_SINCE_PREVIEW = "changed_since_preview"
    CHANGED_SINCE = "changed_since"
    BEFORE_IMAGE_MISSING = "before_image_missing"
    # references
    REFERENCE_DEAD = "reference_dead"
    REFERENCE_AMBIGUOUS = "reference_ambiguous"
    REFERENCE_REQUIRED = "reference_required"
    # the request
    TIME_LIMIT = "time_limit"


@dataclass(frozen=True, slots=True)
class ProblemTemplate:
    """The severity of a problem, and its texts before they are filled in."""

    severity: Severity
    message: str
    """Where and what, with the value quoted."""
    hint: str
    """What to do next."""


def _error(message: str, hint: str) -> ProblemTemplate:
    return ProblemTemplate(Severity.ERROR, message, hint)


def _warning(message: str, hint: str) -> ProblemTemplate:
    return ProblemTemplate(Severity.WARNING, message, hint)


CATALOGUE: Mapping[ProblemCode, ProblemTemplate] = {
    ProblemCode.EMPTY_SOURCE: _error("The source is empty.", "Send a file that has a header line and at least one row."),
    ProblemCode.NO_ROWS: _warning("The source has headers but no rows.", "Nothing to import; check that the export you made was complete."),
    ProblemCode.ENCODING_GUESSED: _warning("The encoding was guessed as {encoding}.", "State the encoding, or save the file as UTF-8."),
    ProblemCode.EXTENSION_MISLEADS: _warning("The name {value!r} suggests {expected}, but the content is {actual}.", "It was read as {actual}; rename the file."),
    ProblemCode.MORE_SHEETS: _warning("The workbook has {sheets} sheets; {value!r} was read.", "Name the sheet to read, or save each sheet as a file of its own."),
    ProblemCode.MORE_PAGES: _warning("The document says under '{field}' that it is one page of several.", "Fetch the other pages, too, and import each, or all rows as one list."),
    ProblemCode.NOTATION_DECIDED: _warning("Column {column!r} was read with {notation}, as {proof} proves.", "If that is wrong, state {option}, or write the column in one way only."),
    ProblemCode.NOTATION_MIXED: _warning("Column {column!r} is written in two ways: {proof}. Values that could mean two things fail.", "Write the column in one way, or state {option}."),
    ProblemCode.HEADER_ROW_FOUND: _warning("Line {header_line} was taken for the header; not read: {above} above it.", "If another line is the header, state it as reading.header_row."),
    ProblemCode.SECOND_HEADER_ROW: _warning("The row below the header looks like another header and was read as a row: {value}.", "Remove one of them, or state the header as reading.header_row."),
    ProblemCode.TOTALS_ROW: _warning("The last row looks like a sum of the others and was read as a row: {value}.", "Remove it if it is no record."),
    ProblemCode.UPLOAD_IGNORED: _warning("Another file, of {size_bytes} bytes, arrived at the upload URL and was not read: the import had its file of {read_bytes} bytes already.", "Only the first file is read; make another import for this one."),
    ProblemCode.MERGED_CELLS: _warning("Cells are merged: {value}. Only the first cell of each has the value; the others are empty.", "Unmerge the cells, and repeat the value in every row that it holds for."),
    ProblemCode.OPTIONS_DIFFER: _warning("The rows come from the import {value}, which was asked for with other options: {options}.", "If they are to mean what they meant there, state the options as that import shows them, or try its rows again (retry)."),
    ProblemCode.HEADER_DUPLICATE: _warning("The header {value!r} is not read: {first!r} gives '{field}' already.", "Give every column a header of its own, or say with column_mapping which one to read."),
    ProblemCode.HEADER_EMPTY: _warning("Not read, as there is no header above it: {columns}.", "Give every column a header, or remove it."),
    ProblemCode.HEADER_NUL: _warning("The header {value!r} contained NUL characters, which were taken out.", "Check that the file is not damaged, and that its encoding is right."),
    ProblemCode.HEADER_UNKNOWN: _warning("The header {value!r} is no field of {resource} and is not read.", "Map it with column_mapping, or rename it."),
    ProblemCode.HEADERS_MOSTLY_UNKNOWN: _warning("{unknown} of the {headers} headers are no fields of {resource} and are not read: {value}.", "Check that this is the right file; rename its headers, or map them with column_mapping."),
    ProblemCode.HEADER_MISSING: _error("The mapped header {value!r} is not in the file.", "Correct column_mapping; the file has: {headers}."),
    ProblemCode.HEADER_REPEATED: _error("The row repeats the header.", "Nothing is lost by it; where files are put together, leave out the headers of all but the first."),
    ProblemCode.ROW_TOO_SHORT: _error("The row has {cells} cells, the header has {columns}.", "Check the row for a missing delimiter or a line end inside a value; write a delimiter for every empty cell."),
    ProblemCode.ROW_TOO_LONG: _error("The row has {cells} cells, the header has {columns}.", "Quote values that contain the delimiter, and remove delimiters that do not belong there."),
    ProblemCode.CELLS_LEFT_OUT: _warning("The row has {cells} cells, the header has {columns}; as many rows of this source leave out cells at their end, the missing ones count as not given.", "Write a delimiter for every empty cell."),
    ProblemCode.LINE_END_IN_ROW: _error("Beside this row stands a line with a single cell, which may be a part of it.", "Remove the line end inside the value, or put the value in quotes."),
    ProblemCode.NOT_CORRECTED: _error("The row could not be read before, and is the same.", "Put every value under its header; if all stand right, empty the row's _digest."),
    ProblemCode.ROW_TOO_LARGE: _error("The row is larger than {limit} bytes.", "Check for an unclosed quote above this row, or shorten its values."),
    ProblemCode.NUL_CHARACTER: _error("The row contains a NUL character.", "Remove it; the file may be UTF-16 or damaged."),
    ProblemCode.UNDECODABLE_BYTES: _error("The row contains bytes that are not {encoding}: {value}.", "Save the file as UTF-8, or state its encoding."),
    ProblemCode.UNCLOSED_QUOTE: _error("A quote opens on line {line} and never closes.", "Close the quote, or double quotes inside a value."),
    ProblemCode.MISPLACED_QUOTE: _error("A quote stands where no value begins or ends, so that the cells cannot be told apart.", "Put quotes around whole values only, and double those inside; if quotes mean nothing in this source, state another quote."),
    ProblemCode.STRAY_QUOTE: _warning("A quote stands inside a quoted value and is not doubled.", "Double quotes inside quoted values."),
    ProblemCode.INVALID_JSON: _error("Not valid JSON: {detail}.", "Correct the JSON at this place."),
    ProblemCode.DUPLICATE_KEY: _error("It is not clear which value is meant: {detail}.", "Give every key of an object once."),
    ProblemCode.NOT_AN_OBJECT: _error("Expected an object, found {found}.", "Every row is a JSON object of fields and values."),
    ProblemCode.TRUNCATED_SOURCE: _error("The source ends in the middle: {detail}.", "Upload the whole file again."),
    ProblemCode.CELL_ERROR: _error("The cell holds the error {value}.", "Correct the formula in the workbook."),
    ProblemCode.FORMULA_NOT_COMPUTED: _error("The cell holds a formula, but not its result.", "Open the workbook in a spreadsheet program, save it, and send that."),
    ProblemCode.INEXACT_NUMBER: _error("The number {value} has lost digits: spreadsheets keep fifteen.", "Format the column as text, and enter the number anew."),
    ProblemCode.SHOWN_OTHERWISE: _warning("The workbook shows {value!r}; {read!r} was read. So it may be in other rows of this column.", "If the rest of what is shown matters, write it into the cells, or into a column of its own."),
    ProblemCode.REQUIRED: _error("{wanted} is required.", "Give a value."),
    ProblemCode.UNKNOWN_FIELD: _error("'{field}' is no field of {resource}.", "Remove it, or correct its name."),
    ProblemCode.PROTECTED_FIELD: _warning("'{field}' is set by the service and was not read.", "Remove it from the source."),
    ProblemCode.INVALID_TYPE: _error("'{field}' must be {expected}, not {value!r}.", "Correct the value."),
    ProblemCode.INVALID_TEXT: _error("'{field}' contains characters that cannot be stored: {value!r}.", "Remove control characters and lone surrogates."),
    ProblemCode.TOO_LONG: _error("'{field}' is longer than {limit} characters.", "Shorten it."),
    ProblemCode.TOO_MANY_VALUES: _error("'{field}' has more than {limit} values.", "Remove some."),
    ProblemCode.INVALID_INTEGER: _error("'{field}' must be a whole number, not {value!r}.", "Write digits only."),
    ProblemCode.INVALID_DECIMAL: _error("'{field}' must be a number, not {value!r}.", "Write digits with one decimal point, without units."),
    ProblemCode.AMBIGUOUS_NUMBER: _error("'{field}' could mean {readings}: {value!r}.", "Write it without a thousands sign, as 1234.5, or state the decimal sign of the source (reading.decimal)."),
    ProblemCode.NOTATION_DIFFERS: _error("'{field}' must be written with {notation}, as its column is, not {value!r}.", "Correct the value, or state how the source is written (reading.decimal, reading.date_order)."),
    ProblemCode.OUT_OF_RANGE: _error("'{field}' must lie between {minimum} and {maximum}, not {value!r}.", "Correct the number."),
    ProblemCode.INVALID_BOOLEAN: _error("'{field}' must be true or false, not {value!r}.", "Write true or false."),
    ProblemCode.INVALID_DATE: _error("'{field}' is no date: {value!r}.", "Write it as YYYY-MM-DD."),
    ProblemCode.AMBIGUOUS_DATE: _error("'{field}' could mean {readings}: {value!r}.", "Write it as YYYY-MM-DD, or state the order of day and month (reading.date_order)."),
    ProblemCode.INVALID_DATETIME: _error("'{field}' is no time: {value!r}.", "Write it as YYYY-MM-DDThh:mm:ssZ."),
    ProblemCode.AMBIGUOUS_TIME: _error("'{field}' stands twice on the clock of {time_zone}, as {readings}: {value!r}.", "Write it with its offset, as 2025-10-26T02:30:00+02:00."),
    ProblemCode.INVALID_EMAIL: _error("'{field}' must be a valid email address, not {value!r}.", "Write it as name@example.com."),
    ProblemCode.INVALID_PHONE: _error("'{field}' is no phone number: {value!r}.", "Write it with country code, as +15551234567."),
    ProblemCode.INVALID_URL: _error("'{field}' is no web address: {value!r}.", "Write it as https://example.com."),
    ProblemCode.INVALID_ID: _error("'{field}' is no id: {value!r}.", "Use letters, digits, and . _ : - only, 128 at most."),
    ProblemCode.NOT_A_CHOICE: _error("'{field}' must be one of {choices}, not {value!r}.", "Choose one of them."),
    ProblemCode.RECORD_TOO_LARGE: _error("The record would be larger than {limit} bytes.", "Shorten its values."),
    ProblemCode.NO_IDENTITY: _warning("The row has none of {identities}, so a second import would create it again.", "Give it an identity."),
    ProblemCode.RECORDS_MENTIONED: _warning("Records that no row names were kept because an identity of theirs stands in the source where no field reads it: {records}.", "Map the column that holds it with column_mapping, or remove the column, and import again."),
    ProblemCode.LOCATION_LEFT: _warning("Records that no row names and that belong to further locations beside {value!r} only lost this one: {records}.", "To remove them everywhere, import them with the action delete."),
    ProblemCode.DUPLICATE_IN_SOURCE: ProblemTemplate(Severity.SKIP, "Another row of the source has the same {field}: row {first}.", "Remove one of them."),
    ProblemCode.AMBIGUOUS_MATCH: _error("The row means more than one record: {records}.", "Correct the identity that does not belong to it."),
    ProblemCode.MATCHES_RECORD: ProblemTemplate(
        Severity.SKIP, "A record with the same {field} exists already: {record}.", "Change that record instead."
    ),
    ProblemCode.ALREADY_EXISTS: _error("The record exists already: {record}.", "Use merge or update to change it."),
    ProblemCode.NOT_FOUND: _error("No record matches.", "Check the identity, or use merge to create it."),
    ProblemCode.IDENTITY_TAKEN: _error("'{field}' belongs to another record: {record}.", "Give another value, or correct the other record first."),
    ProblemCode.OVERTAKEN: _error("The import was interrupted at this row, and others have changed the record so often since that it cannot tell whether the row was written: {record}.", "Look at the record, then try the row again (retry)."),
    ProblemCode.CHANGED_SINCE_PREVIEW: _error("What the row means has changed since the preview: it was {previewed}, and is {found} now.", "Preview the file again, or try the row again (retry)."),
    ProblemCode.CHANGED_SINCE: ProblemTemplate(
        Severity.SKIP, "The record was changed or deleted after the import, and is kept as it is: {value}.", "Undo what came later first, or correct the record itself."
    ),
    ProblemCode.BEFORE_IMAGE_MISSING: _error("It is not known how the record was before the import.", "Correct the record itself."),
    ProblemCode.REFERENCE_DEAD: _warning("'{field}' names a record that does not exist: {value!r}; {became}.", "Import that record first."),
    ProblemCode.REFERENCE_AMBIGUOUS: _warning("'{field}' names more than one record: {value!r}; {became}.", "Name it by its id."),
    ProblemCode.REFERENCE_REQUIRED: _error("'{field}' must name an existing record; {value!r} does not.", "Import that record first, or correct the value."),
    ProblemCode.TIME_LIMIT: _error("The time of the import was over before this row was written.", "Send it again: rows that were written are found by their identities."),
}  # fmt: skip
"""Every code with its texts."""
