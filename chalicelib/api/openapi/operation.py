"""How a dialect tells of itself: every route of it as an `Operation`, all of them as one `DialectDescription`.

In come the models that check requests, the schemas of answers, and the adapter that renders refusals; out goes the
OpenAPI document (`document.py`), which therefore says nothing that the service does not do. It is imported only when
the document is asked for: no other request waits for it.
"""

from collections import ChainMap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from chalicelib.api.http.request_model import NoParameters
from chalicelib.api.http.router import DialectAdapter, OpenRoute, Route
from chalicelib.errors import Refused
from chalicelib.model.api_keys import Scope
from chalicelib.model.refusals import RefusalCode

Json = dict[str, Any]

SchemaType = Any
"""What pydantic makes a schema of: a TypedDict, a model, `str`."""

JSON = "application/json"

AnyRoute = Route[Any] | OpenRoute


def is_polled(route: AnyRoute) -> bool:
    """Returns whether answers of the route have entity tags."""
    return isinstance(route, Route) and route.is_polled


def is_repeatable(route: AnyRoute) -> bool:
    """Returns whether the route takes an idempotency key."""
    return isinstance(route, Route) and route.is_repeatable_by_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Success:
    """One way in which an operation succeeds."""

    text: str
    status: HTTPStatus = HTTPStatus.OK
    schema: SchemaType = None
    """Of the body; None where there is none."""
    content_type: str = JSON
    examples: Mapping[str, object] = field(default_factory=dict)
    """Bodies by what they show."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Beside those that every answer has: an example by name."""


REDIRECTED = Success(
    text="The answer would be larger than 6 MB: it lies behind a signed URL, good for an hour.",
    status=HTTPStatus.SEE_OTHER,
    headers={"Location": "https://files.example.com/answers/ans_1?X-Amz-Signature=…"},
)
"""How operations succeed whose answers may be larger than a Lambda function can give back."""


UNCHANGED = Success(
    text="Nothing has changed since the answer with the entity tag of `If-None-Match`.",
    status=HTTPStatus.NOT_MODIFIED,
)
"""How operations succeed that are asked for again and again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherBody:
    """A body that may be sent instead of the one that the model checks."""

    content_type: str
    schema: SchemaType
    examples: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """A request that the service sends because an operation has asked for it."""

    url: str
    """Where it goes, as an expression of OpenAPI: `{$request.body#/url}`."""
    summary: str
    text: str
    schema: SchemaType
    examples: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What is told of a route beside what the route says itself: its key, its path parameters."""

    summary: str
    text: str
    """Markdown."""
    query: type[BaseModel] = NoParameters
    body: type[BaseModel] | None = None
    bodies: Mapping[str, object] = field(default_factory=dict)
    """Requests by what they show; the first is what the docs page begins with."""
    successes: Sequence[Success]
    refusals: Sequence[RefusalCode] = ()
    """The core's codes, beside those that every route with a key, a body or a query may answer with."""
    body_type: str = JSON
    other_bodies: Sequence[OtherBody] = ()
    callbacks: Mapping[str, Callback] = field(default_factory=dict)
    """By name."""


@dataclass(frozen=True, slots=True)
class PathParameter:
    """What is told of a path parameter."""

    text: str
    example: str
    words: Collection[str] = ()
    """All it may be; empty where it may be anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """How callers of a dialect show who they are."""

    name: str
    scheme: Json
    """An OpenAPI security scheme."""
    scopes: Mapping[Scope, str] = field(default_factory=dict)
    """How callers know the scopes, where they know of any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureDescription:
    """What one feature of a dialect tells of its routes; a dialect is the sum of its features."""

    routes: Sequence[AnyRoute]
    operations: Mapping[Any, Operation]
    """By the view of the route: each has one."""
    path_parameters: Mapping[str, PathParameter] = field(default_factory=dict)
    """Path parameters by name."""
    samples: Sequence[Refused] = ()
    """Refusals that only this feature knows, or words differently."""


CALLER_REFUSALS: Sequence[RefusalCode] = (
    "missing_key",
    "unknown_key",
    "expired_key",
    "insufficient_scope",
    "rate_limited",
)
"""How any request with a key may be refused."""


@dataclass(frozen=True, kw_only=True)
class DialectDescription:
    """A dialect as it tells of itself: the sum of its features, and what holds for all of them."""

    name: str
    """As people call it; the names of its operations and schemas begin with it."""
    text: str
    adapter: DialectAdapter[Any]
    features: Sequence[FeatureDescription]
    """In the order of the document."""
    security: Security
    refusal: SchemaType
    """What every refusal looks like."""
    refusals: Mapping[HTTPStatus, SchemaType] = field(default_factory=dict)
    """Where one looks different."""
    caller_refusals: Sequence[RefusalCode] = CALLER_REFUSALS
    """How any request with a key may be refused."""
    is_counted: bool = True
    """Answers tell what is left of the key's quota."""
    tag: str = ""
    """Under which its operations are listed; empty for one of its own."""

    @cached_property
    def routes(self) -> Sequence[AnyRoute]:
        """Returns the routes of all features, in their order."""
        return [route for feature in self.features for route in feature.routes]

    @cached_property
    def operations(self) -> Mapping[Any, Operation]:
        """Returns the operations of all features, by view."""
        return dict(ChainMap(*({**one.operations} for one in self.features)))

    @cached_property
    def path_parameters(self) -> Mapping[str, PathParameter]:
        """Returns the path parameters of all features, by name."""
        return dict(ChainMap(*({**one.path_parameters} for one in self.features)))

    @cached_property
    def samples(self) -> Mapping[RefusalCode, Refused]:
        """Returns the refusals that only this dialect knows, or words differently, by code."""
        return {sample.code: sample for feature in self.features for sample in feature.samples}
