"""Forms: `multipart/form-data` with a file, and `application/x-www-form-urlencoded`, as one value for each field.

What is no such form is refused as `malformed_form`, a field that is given twice as `invalid_parameter`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import parse_qsl

from python_multipart import parse_form
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File

from chalicelib.errors import Refused

FORM_FIELDS = 20
"""More fields than any form here has."""


@dataclass(frozen=True, slots=True)
class FormFile:
    """A file of a form."""

    filename: str
    content: bytes


def read_multipart(body: bytes, content_type: str) -> tuple[dict[str, str], dict[str, FormFile]]:
    """Returns fields and files by name (RFC 7578). Raises Refused `malformed_form` and `invalid_parameter`."""
    fields: list[tuple[str, str]] = []
    files: list[tuple[str, FormFile]] = []

    def take_file(file: File) -> None:
        content = file.file_object
        content.seek(0)
        files.append((_text(file.field_name), FormFile(_text(file.file_name), content.read())))
        file.close()

    def take_field(field: Field) -> None:
        fields.append((_text(field.field_name), _text(field.value)))

    try:
        parse_form({"Content-Type": content_type.encode("latin-1", "replace")}, BytesIO(body), take_field, take_file)
    except (FormParserError, ValueError) as error:
        raise Refused("malformed_form", "The body is no multipart/form-data with the boundary it names.") from error
    _check_once([*(name for name, _ in fields), *(name for name, _ in files)])
    return dict(fields), dict(files)


def read_urlencoded(text: str) -> dict[str, str]:
    """Returns fields by name. Raises Refused `malformed_form` and `invalid_parameter`."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=FORM_FIELDS)
    except ValueError as error:
        raise Refused("malformed_form", "The body is no application/x-www-form-urlencoded.") from error
    _check_once([name for name, _ in pairs])
    return dict(pairs)


def _check_once(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise Refused("invalid_parameter", "Given more than once.", param=name)
        seen.add(name)


def _text(value: bytes | None) -> str:
    """Returns the text. Raises ValueError for what is not UTF-8."""
    return (value or b"").decode()
