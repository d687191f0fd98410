"""The schemas of answers about resources."""

from typing import Annotated, Literal

from typing_extensions import TypedDict

from chalicelib.api.openapi.schema_words import one_of
from chalicelib.api.packagex import ACTIONS, RESOURCE_WORDS
from chalicelib.api.packagex.schemas import PackageXEnvelope
from chalicelib.model.resources import FieldType


class PackageXField(TypedDict):
    """A field of a resource."""

    name: str
    label: str
    """For people."""
    type: Annotated[str, one_of(FieldType)]
    required: bool
    """A row that creates a record must give it."""
    read_only: bool
    """Set by the service, never read from a source."""
    stored: bool
    """False where it only finds a record, or is a part of another field."""
    choices: list[str]
    """Empty unless the type is choice."""
    aliases: list[str]
    """Headers that imports take for the field's name."""
    max_length: int | None
    """In characters; null where nothing shorter than the limit of all texts is declared."""
    default: str | bool | None
    """What a new record gets where its row gives nothing."""
    example: str
    help: str


class PackageXReference(TypedDict):
    """A field that names a record of another resource."""

    field: str
    resource: Annotated[str, one_of(RESOURCE_WORDS.values())]
    by: list[str]
    """The fields of that resource by which it is named."""


class PackageXResource(TypedDict):
    """A kind of record."""

    object: Literal["resource"]
    name: Annotated[str, one_of(RESOURCE_WORDS.values())]
    plural: str
    fields: list[PackageXField]
    identities: list[list[str]]
    """By which fields two rows, or a row and a record, are the same."""
    any_of: list[list[str]]
    """Groups of fields of which a new record needs one."""
    references: list[PackageXReference]
    actions: list[Annotated[str, one_of(ACTIONS)]]
    """What an import may do with it."""


class PackageXTemplates(TypedDict):
    """A file with the header line and an example row, as base64 data URLs; `POST /v1/imports` takes them as `data`."""

    csv: str
    xlsx: str


class PackageXResourceWithTemplates(PackageXResource):
    """A kind of record, with files to fill in."""

    templates: PackageXTemplates


class PackageXResourcesAnswer(PackageXEnvelope):
    """The response with all resources."""

    data: list[PackageXResource]
    pagination: None


class PackageXResourceAnswer(PackageXEnvelope):
    """The response about one resource."""

    data: PackageXResourceWithTemplates
    pagination: None
