"""Types of parameters that requests of several PackageX features share, each with what its JSON Schema says of it."""

from typing import Annotated, Literal

from pydantic import StrictStr

from chalicelib.access.validation import NAME_CHARACTERS, TEXT_CHARACTERS
from chalicelib.api.openapi.schema_words import one_of, text
from chalicelib.api.packagex import RESOURCE_NAMES
from chalicelib.errors import Refused
from chalicelib.model.catalogue import find_resource

DEFAULT_PAGE = 10
"""Imports on a page (PackageX, retrieve imports)."""


BooleanWord = Literal["true", "false", "1", "0"]


ResourceName = Annotated[StrictStr, one_of(RESOURCE_NAMES)]


NameText = Annotated[StrictStr, text(*NAME_CHARACTERS)]


ShortText = Annotated[StrictStr, text(0, TEXT_CHARACTERS)]


def known_resource(resource: str) -> str:
    """Returns the catalogue's name of a resource. Raises Refused `unknown_resource`."""
    found = find_resource(resource)
    if found is None:
        raise Refused("unknown_resource", f"There is no resource {resource!r}.", param="resource")
    return found.name
