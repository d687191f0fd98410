"""The source of an import, shown before it is imported or after: what was written down about it, and asking for that.

A task writes it down (`source_description.py`) once for each way of reading the source: the name of what it writes
tells that way. Which field a column feeds is decided anew whenever it is shown, by the options that the import has
then.
"""

import json
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b

from pydantic import TypeAdapter

from chalicelib.access.context import Caller, Context
from chalicelib.errors import Conflict, NotFound, Refused
from chalicelib.imports.service import get_import
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.columns import SourceColumn
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import
from chalicelib.model.object_keys import source_description_key
from chalicelib.model.problems import Problem
from chalicelib.model.retention import day_of
from chalicelib.schema.column_mapping import columns_of
from chalicelib.schema.header_rules import HeaderRules
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


@dataclass(frozen=True, slots=True)
class InspectedSource:
    """The source of an import, and what becomes of its columns by the options that the import has now."""

    import_: Import
    description: SourceDescription
    columns: tuple[SourceColumn, ...]
    """One for each column of the description."""


def ask_for_description(context: Context, import_: Import) -> None:
    """Has the source of an import described as it is read now. Asking again within a day changes nothing."""
    name = f"{_name_of(import_)}-{day_of(context.clock())}"
    context.stores.import_executions.start_describing(import_, name)


def show_source(context: Context, caller: Caller, import_id: ImportId) -> InspectedSource:
    """Returns what the source of an import looks like that is held, or has ended, by the options that it has now.

    Raises NotFound, Conflict `source_not_ready` for any other, and until somebody has looked, which is asked for; and
    Refused `source_gone` where it is no longer kept.
    """
    import_ = get_import(context, caller, import_id)
    if not (import_.is_held or import_.is_final):
        message = f"The import is {import_.status.value}. Its source is shown while it is held, and once it has ended."
        raise Conflict("source_not_ready", message)
    description = _find_description(context, import_)
    if description is None:
        ask_for_description(context, import_)
        raise Conflict("source_not_ready", "The source is being looked at. Ask again in a moment.")
    if description.fault is not None and description.fault.code == SOURCE_GONE:
        raise Refused("source_gone", "The source of the import is not kept.")
    rules = HeaderRules(RESOURCES[import_.resource], import_.column_mapping)
    return InspectedSource(import_, description, columns_of(rules, [one.header for one in description.columns]))


def write_description(files: Files, import_: Import, description: SourceDescription) -> None:
    """Writes down what the source of an import looks like, as its options have it read."""
    content = json.dumps(_adapter().dump_python(description, mode="json")).encode()
    files.write_file(_key_of(import_), content, content_type="application/json")


def _find_description(context: Context, import_: Import) -> SourceDescription | None:
    try:
        found = context.stores.files.read_file(_key_of(import_))
    except NotFound:
        return None
    return _adapter().validate_python(json.loads(found))


def _key_of(import_: Import) -> str:
    return source_description_key(import_.tenant_id, import_.import_id, f"{_name_of(import_)}.json")


def _name_of(import_: Import) -> str:
    """Tells the resource, the version of the source, and the way of reading it apart from all others."""
    source = import_.source
    parts = (import_.resource, source.key if source else "", source.version_id if source else "", import_.reading)
    return blake2b(repr(parts).encode(), digest_size=8).hexdigest()


@cache
def _adapter() -> TypeAdapter[SourceDescription]:
    return TypeAdapter(SourceDescription)
