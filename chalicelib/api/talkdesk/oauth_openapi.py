"""What the OpenAPI document tells of `POST /oauth/token`, whose answers follow RFC 6749 instead of Talkdesk."""

from dataclasses import replace
from http import HTTPStatus
from typing import Literal

from chalice.app import Request, Response
from pydantic import BaseModel, ConfigDict

from chalicelib.api.openapi.operation import DialectDescription, FeatureDescription, Operation, Security, Success
from chalicelib.api.openapi.responses import FAILURES
from chalicelib.api.talkdesk import errors, oauth, openapi_examples, routes, schemas
from chalicelib.api.talkdesk.adapter import make_adapter
from chalicelib.errors import Refused


class TokenForm(BaseModel):
    """`POST /oauth/token`. Whatever else is sent is ignored, as RFC 6749 has it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    grant_type: Literal["client_credentials"]
    scope: str | None = None
    """`bulk-imports:read`, `bulk-imports:write`, or both, with a space between; all where neither is named. Scopes of
    OpenID Connect are ignored.
    """
    client_id: str | None = None
    """Here, or as the user of Basic authentication."""
    client_secret: str | None = None


def _render_refusal(refusal: Refused, request: Request) -> Response:
    return (
        oauth.render_token_refusal(refusal) if refusal.code in oauth.ERRORS else errors.render_refusal(refusal, request)
    )


_FEATURE = FeatureDescription(
    routes=routes.OPEN_ROUTES,
    operations={
        oauth.issue_token: Operation(
            summary="Get a token",
            text="Client credentials, in the form or as Basic authentication, for a token that is good for an hour.",
            body=TokenForm,
            body_type=oauth.FORM,
            bodies={"client credentials": {"grant_type": oauth.GRANT, "scope": "bulk-imports:read"}},
            successes=[
                Success(
                    text="The token.",
                    schema=schemas.TalkdeskToken,
                    headers=oauth.NOT_KEPT,
                    examples={"a token": openapi_examples.token()},
                )
            ],
            refusals=("unsupported_grant_type", "malformed_form"),
        )
    },
    samples=(
        Refused("unsupported_grant_type", "The grant type is client_credentials."),
        Refused("malformed_form", "The body is no application/x-www-form-urlencoded."),
    ),
)

TOKENS = DialectDescription(
    name="TalkdeskOAuth",
    tag="Talkdesk",
    text="",
    adapter=replace(make_adapter(lambda request: openapi_examples.BASE), render_refusal=_render_refusal),
    features=(_FEATURE,),
    security=Security(
        name="talkdesk_client",
        scheme={"type": "http", "scheme": "basic", "description": "The client's id and secret: `id:secret`."},
    ),
    refusal=schemas.TalkdeskTokenError,
    refusals=dict.fromkeys((HTTPStatus.TOO_MANY_REQUESTS, *FAILURES), schemas.TalkdeskRefusal),
    is_counted=False,
)
