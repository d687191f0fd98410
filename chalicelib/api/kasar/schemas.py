"""The schemas of Kasar's answers, field by field. Renderers are typed by them, and the OpenAPI document is made of
them.
"""

from typing import Annotated, Any, Literal

from typing_extensions import TypedDict

from chalicelib.api.kasar import OBJECTS
from chalicelib.api.openapi.schema_words import one_of


class KasarRowError(TypedDict):
    """A record that failed, whatever is wrong with it."""

    index: int
    """Counts from 0."""
    code: Literal["VALIDATION_ERROR"]
    message: str
    """Several faults are joined by semicolons."""


class KasarImportResult(TypedDict):
    """What became of the records of an import: counts, and an error for each record that failed."""

    object_name: Annotated[str, one_of(OBJECTS)]
    created: int
    duplicates: int
    """Records that were there already, or earlier in the request; they change nothing."""
    failed: int
    errors: list[KasarRowError]
    """One for each record that failed."""


class KasarExport(TypedDict):
    """The records that were asked for, and how many they are."""

    format: Literal["json"]
    records: list[dict[str, Any]]
    """Fields without a value are null."""
    total: int
    """Records in this answer."""


class KasarError(TypedDict):
    """What is wrong with a request."""

    code: str
    """What is wrong, for programs."""
    message: str


class KasarRefusal(TypedDict):
    """Whatever is no success."""

    error: KasarError


class KasarRateLimited(TypedDict):
    """The response to a request beyond the rate limit, with the seconds to wait."""

    error: str
    policy: str
    """Requests, and the seconds of the window they count in."""
    retryAfterSeconds: int
