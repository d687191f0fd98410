"""The schemas of answers about a key and its tenant."""

from typing import Annotated, Literal

from typing_extensions import TypedDict

from chalicelib.api.openapi.schema_words import one_of
from chalicelib.api.packagex.schemas import PackageXEnvelope
from chalicelib.model.api_keys import KeyKind, Scope


class PackageXRequests(TypedDict):
    """What is left of the requests of this key."""

    limit: int
    """In a window."""
    remaining: int
    window_s: int
    resets_at: int
    """When the window ends, in epoch seconds."""


class PackageXCaller(TypedDict):
    """Who asks."""

    object: Literal["caller"]
    organization_id: str
    """The tenant."""
    key_id: str
    """As `created_by` of imports names it."""
    kind: Annotated[str, one_of(KeyKind)]
    is_test: bool
    """It sees the tenant's test data, and nothing else."""
    scopes: list[Annotated[str, one_of(Scope)]]
    requests: PackageXRequests | None
    """Null where requests are not counted."""


class PackageXKey(TypedDict):
    """An API key, without its secret, which nobody keeps."""

    object: Literal["key"]
    id: str
    kind: Annotated[str, one_of(KeyKind)]
    name: str
    hint: str
    """How its secret begins and ends."""
    scopes: list[Annotated[str, one_of(Scope)]]
    is_test: bool
    is_current: bool
    """It is the one that asks."""
    status: Literal["active", "expired", "revoked"]
    created_at: int
    expires_at: int | None
    revoked_at: int | None


class PackageXJobCounts(TypedDict):
    """Imports, or exports, by the status they have now."""

    total: int
    by_status: dict[str, int]
    """In the words of their `status`; without those that none has."""


class PackageXMonth(TypedDict):
    """What has ended in a month, whatever became of it since then. An import that is redriven counts where it ended
    last.
    """

    month: str
    """In UTC: 2026-12."""
    imports: int
    """Previews are counted apart."""
    import_rows: int
    """The rows of their sources, whatever became of them."""
    import_bytes: int
    """The sizes of their sources; records of Kasar and cStar have none."""
    previews: int
    preview_rows: int
    exports: int
    export_rows: int
    export_bytes: int


class PackageXUsage(TypedDict):
    """How much a tenant has used."""

    object: Literal["usage"]
    since: int
    """The beginning of the first day, in epoch seconds."""
    imports: PackageXJobCounts
    """Created since then and not deleted; previews count."""
    exports: PackageXJobCounts
    months: list[PackageXMonth]
    """Those in which anything ended, newest first; they are kept for good."""
    limits: dict[str, int]
    """The limits of the tenant and of its requests, by name; bytes and seconds where the name says so."""
    requests: PackageXRequests | None


class PackageXCallerAnswer(PackageXEnvelope):
    """The response about the caller."""

    data: PackageXCaller
    pagination: None


class PackageXKeysAnswer(PackageXEnvelope):
    """The response with all keys."""

    data: list[PackageXKey]
    pagination: None


class PackageXUsageAnswer(PackageXEnvelope):
    """The response about usage."""

    data: PackageXUsage
    pagination: None
