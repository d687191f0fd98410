"""The schemas of answers about import profiles."""

from typing import Annotated, Literal

from typing_extensions import TypedDict

from chalicelib.api.openapi.schema_words import one_of
from chalicelib.api.packagex import RESOURCE_WORDS
from chalicelib.api.packagex.profiles.stated_options import PackageXStatedOptions
from chalicelib.api.packagex.schemas import NumberedPage, PackageXEnvelope


class PackageXProfile(TypedDict):
    """Options under a name, which imports copy when they are created."""

    object: Literal["import_profile"]
    id: str
    name: str
    """Imports, and keys of dropped files, name it so."""
    resource: Annotated[str, one_of(RESOURCE_WORDS.values())]
    version: int
    """Counts its changes, from 1."""
    options: PackageXStatedOptions
    created_by: str
    updated_by: str
    created_at: int
    updated_at: int


class PackageXDeletedProfile(TypedDict):
    """The id of a profile that was deleted."""

    object: Literal["import_profile"]
    id: str
    deleted: Literal[True]


class PackageXProfileAnswer(PackageXEnvelope):
    """The response about one profile."""

    data: PackageXProfile
    pagination: None


class PackageXProfilesAnswer(PackageXEnvelope):
    """All profiles, by name."""

    data: list[PackageXProfile]
    pagination: NumberedPage


class PackageXProfileDeletionAnswer(PackageXEnvelope):
    """The response to the deletion of a profile."""

    data: PackageXDeletedProfile
    pagination: None
