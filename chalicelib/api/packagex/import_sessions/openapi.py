"""What import sessions tell of their routes in the OpenAPI document. Examples are rendered as real answers are."""

from chalicelib.api.openapi.operation import FeatureDescription, Json, Operation, PathParameter
from chalicelib.api.openapi.refusal_examples import AT
from chalicelib.api.packagex.import_sessions import requests, routes, schemas
from chalicelib.api.packagex.import_sessions.responses import importer_path, render_credential, render_session
from chalicelib.api.packagex.openapi_examples import created, enveloped, success
from chalicelib.errors import Conflict, NotFound
from chalicelib.imports.sessions import OpenedSession
from chalicelib.model.ids import TenantId
from chalicelib.model.import_sessions import ImportSession, ImportSessionId
from chalicelib.model.imports import Action

_SESSION = ImportSession(
    session_id=ImportSessionId("ims_4c1ewqpfqe4xq5h6a2d7"),
    tenant_id=TenantId("a81d22b5-d522-46e4-ab01-29565240c648"),
    resource="customers",
    actions=(Action.MERGE, Action.CREATE),
    origin="https://app.example.com",
    return_url="https://app.example.com/customers",
    locale="de",
    token_digest="",
    created_by="key_1f8e",
    created_at=AT,
    expires_at=AT + 3600,
)
_BODY: Json = {
    "resource": "customer",
    "allow": ["merge", "create"],
    "allow_origin": "https://app.example.com",
    "return_url": "https://app.example.com/customers",
    "locale": "de",
}
_PATH = "/v1/import-sessions"
_ONE = f"{_PATH}/{_SESSION.session_id}"
_SHOWN = dict(render_session(_SESSION, now=AT))
_TOKEN = OpenedSession(_SESSION, "imt_4c1ewqpfqe4xq5h6a2d7_9k2m4p6r8t1v3x5z")
_CREDENTIAL = OpenedSession(_SESSION, "imc_4c1ewqpfqe4xq5h6a2d7_7h2k5n8q1s4v6y9b")
_NEW = {**_SHOWN, "importer_url": f"https://api.example.com{importer_path(_TOKEN)}"}
_EXCHANGED = {**render_credential(_CREDENTIAL, now=AT), "status": "opened"}

FEATURE = FeatureDescription(
    routes=routes.ROUTES,
    operations={
        routes.create_session: Operation(
            summary="Create an import session",
            text="Somebody without a key makes one import of this resource, in the importer of a page that embeds it.",
            body=requests.PackageXSessionRequest,
            bodies={"customers, in German": _BODY},
            successes=created(schemas.PackageXNewSessionAnswer, enveloped("Import session created.", _NEW, _PATH, 201)),
            refusals=("unknown_resource", "profile_not_found"),
        ),
        routes.show_session: Operation(
            summary="Show an import session",
            text="Without its secrets, of which only digests are kept.",
            successes=success(schemas.PackageXSessionAnswer, enveloped("Import session retrieved.", _SHOWN, _ONE)),
            refusals=("session_not_found",),
        ),
        routes.revoke_session: Operation(
            summary="Revoke an import session",
            text="From now on it opens nothing. What was confirmed in it goes on.",
            successes=success(
                schemas.PackageXSessionAnswer,
                enveloped("Import session revoked.", {**_SHOWN, "status": "revoked", "revoked_at": AT}, _ONE),
            ),
            refusals=("session_not_found",),
        ),
        routes.exchange_token: Operation(
            summary="Exchange the token of an import session",
            text="The importer does it: the one-time token comes in the place of a key. A second time it is refused.",
            body=requests.PackageXExchangeRequest,
            bodies={"nothing": {}},
            successes=success(
                schemas.PackageXCredentialAnswer,
                enveloped("Token exchanged.", _EXCHANGED, f"{_ONE}/exchange"),
            ),
            refusals=("session_not_found",),
        ),
    },
    path_parameters={"session_id": PathParameter("The import session.", _SESSION.session_id)},
    samples=(
        NotFound("session_not_found", "There is no import session 'ims_4c1ewqpfqe4xq5h6a2d7'."),
        Conflict("session_used", "This import session has made its import. Ask for another session."),
        Conflict("too_many_files", "50 files were sent in this session. Ask for another session."),
    ),
)
"""What import sessions add to the description of PackageX."""
