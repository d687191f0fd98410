"""The schemas of answers about records. Times are epoch seconds.

Every feature keeps its schemas in a module of this name, apart from the operations that refer to them.
"""

from typing import Annotated

from pydantic import ConfigDict
from typing_extensions import TypedDict

from chalicelib.api.openapi.schema_words import one_of
from chalicelib.api.packagex import RESOURCE_WORDS
from chalicelib.api.packagex.schemas import CursorPage, PackageXEnvelope


class PackageXRecord(TypedDict):
    """Beside these the fields of its resource."""

    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]

    object: Annotated[str, one_of(RESOURCE_WORDS.values())]
    id: str
    version: int
    """1 when created; rises with every change."""
    created_at: int
    updated_at: int


class PackageXRecordAnswer(PackageXEnvelope):
    """The response about one record."""

    data: PackageXRecord
    pagination: None


class PackageXRecordsAnswer(PackageXEnvelope):
    """One page of the records of a resource, in an order that stays the same."""

    data: list[PackageXRecord]
    """As many as the limit says, or fewer where the rest has not been looked at."""
    pagination: CursorPage
