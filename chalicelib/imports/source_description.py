"""What a source looks like before it is imported, and where that is written down: once for each way of reading the
source, which the name of the object tells.
"""

import dataclasses
import json
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b

from pydantic import TypeAdapter

from chalicelib.errors import NotFound
from chalicelib.imports.source_values import SeenDates
from chalicelib.model.imports import Import
from chalicelib.model.object_keys import source_description_key
from chalicelib.model.problems import Problem
from chalicelib.stores.interfaces import Files

SOURCE_GONE = "source_gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFault:
    """Why a source cannot be read as it is stated."""

    code: str
    """That of a refusal, or `SOURCE_GONE`."""
    message: str = ""
    param: str | None = None
    """The option at fault, if it is one."""


@dataclass(frozen=True, slots=True)
class LikelyField:
    """A field that a column may feed."""

    field: str
    confidence: float
    """From 0 to 1."""
    why: tuple[str, ...]
    """What leads to it; `schema/suggestions/candidates.py` has the words."""


@dataclass(frozen=True, slots=True)
class SuggestedColumn:
    """A column, or a key of JSON rows, with the fields that it may feed."""

    header: str
    field: str | None
    """The field that it should feed; None where it should be left alone."""
    candidates: tuple[LikelyField, ...] = ()
    """The surest first."""
    words: dict[str, int] = dataclasses.field(default_factory=dict)
    """How often each value stands in the first rows, where there are few of them."""
    dates: SeenDates | None = None

    @property
    def confidence(self) -> float:
        """How sure the suggested field is; 0 where there is none."""
        return next((one.confidence for one in self.candidates if one.field == self.field), 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDescription:
    """What a source looks like; nothing but the fault where it cannot be read."""

    fault: SourceFault | None = None
    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    header_row: int | None = None
    columns: tuple[SuggestedColumn, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    """The first rows, each with its cells in the order of the columns, cut to `Limits.described_cell_characters`."""
    column_mapping: dict[str, str] = field(default_factory=dict)
    """What is suggested, as an import takes it."""
    missing: tuple[str, ...] = ()
    """Fields that a new record needs and no column feeds, if that is taken."""
    findings: tuple[Problem, ...] = ()


def name_of_reading(import_: Import) -> str:
    """Returns a name that tells the resource, the version of the source, and the way of reading it apart from all
    others.
    """
    source = import_.source
    parts = (import_.resource, source.key if source else "", source.version_id if source else "", import_.reading)
    return blake2b(repr(parts).encode(), digest_size=8).hexdigest()


def write_description(files: Files, import_: Import, description: SourceDescription) -> None:
    """Writes down what the source of an import looks like, as its options have it read."""
    content = json.dumps(_adapter().dump_python(description, mode="json")).encode()
    files.write_file(_key_of(import_), content, content_type="application/json")


def find_description(files: Files, import_: Import) -> SourceDescription | None:
    """Returns what was written down of the source of an import, as its options have it read; None while it was not."""
    try:
        found = files.read_file(_key_of(import_))
    except NotFound:
        return None
    return _adapter().validate_python(json.loads(found))


def _key_of(import_: Import) -> str:
    return source_description_key(import_.tenant_id, import_.import_id, f"{name_of_reading(import_)}.json")


@cache
def _adapter() -> TypeAdapter[SourceDescription]:
    return TypeAdapter(SourceDescription)
