"""The schemas that answers of all PackageX features share: the envelope, pages, and the refusal.

Features extend `PackageXEnvelope` with their `data`. Renderers are typed by these classes, and the OpenAPI document is
made of them.
"""

from typing import Any

from typing_extensions import TypedDict


class NumberedPage(TypedDict):
    """Which page of a list this is, and how many entries there are on all pages."""

    limit: int
    page: int
    has_more: bool
    total_count: int


class CursorPage(TypedDict):
    """Which page of a list this is; the cursor asks for the next one and is null on the last."""

    limit: int
    page: None
    has_more: bool
    total_count: None
    cursor: str | None
    """Leads to the next page; null on the last one."""


class PackageXEnvelope(TypedDict):
    """The one body PackageX answers with."""

    message: str
    status: int
    """The HTTP status."""
    errors: list[str]
    code: None
    events: list[Any]
    endpoint: str
    """The path that was asked."""


class EmptyObject(TypedDict):
    """An empty object."""


class PackageXRefusal(TypedDict):
    """Whatever is no success."""

    message: str
    data: EmptyObject
    status: int
    errors: list[str]
    """Which parameters are at fault, each with what is wrong with it."""
    code: str
    """What is wrong, for programs."""
    events: list[Any]
    pagination: None
    endpoint: str
