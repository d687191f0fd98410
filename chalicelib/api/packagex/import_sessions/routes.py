"""The routes of import sessions, which are ours. Each view parses, calls the service, and renders."""

from http import HTTPStatus

from chalicelib.api.http.request_model import NoParameters
from chalicelib.api.http.router import Call, Route
from chalicelib.api.packagex.envelope import PackageXAnswer
from chalicelib.api.packagex.import_sessions.requests import PackageXExchangeRequest, PackageXSessionRequest
from chalicelib.api.packagex.import_sessions.responses import importer_path, render_credential, render_session
from chalicelib.imports import sessions
from chalicelib.model.api_keys import Scope


def create_session(call: Call) -> PackageXAnswer:
    """Creates a session and answers with it and, this once, with the address of its importer."""
    call.query(NoParameters)
    opened = sessions.create_session(call.context, call.caller, call.body(PackageXSessionRequest).to_request())
    return PackageXAnswer(
        message="Import session created. Its importer_url is shown this once.",
        data=render_session(opened.session, now=call.context.clock()),
        status=HTTPStatus.CREATED,
        location=f"/v1/import-sessions/{opened.session.session_id}",
        links={"importer_url": importer_path(opened)},
    )


def exchange_token(call: Call) -> PackageXAnswer:
    """Answers with the session and, this once, with its credential."""
    call.query(NoParameters)
    call.body(PackageXExchangeRequest)
    opened = sessions.exchange(call.context, call.caller, call.path["session_id"])
    data = render_credential(opened, now=call.context.clock())
    return PackageXAnswer(message="Token exchanged. The _credential is shown this once.", data=data)


def show_session(call: Call) -> PackageXAnswer:
    """Answers with one session."""
    call.query(NoParameters)
    session = sessions.get_session(call.context, call.caller, call.path["session_id"])
    return PackageXAnswer(message="Import session retrieved.", data=render_session(session, now=call.context.clock()))


def revoke_session(call: Call) -> PackageXAnswer:
    """Revokes a session."""
    call.query(NoParameters)
    session = sessions.revoke_session(call.context, call.caller, call.path["session_id"])
    return PackageXAnswer(message="Import session revoked.", data=render_session(session, now=call.context.clock()))


def _own(call: Call) -> None:
    sessions.check_own_session(call.caller, call.path["session_id"])


_ONE = "/v1/import-sessions/{session_id}"

# Where a secret is in the answer, no answer is kept for a repeat.
ROUTES = (
    Route("POST", "/v1/import-sessions", Scope.SESSIONS_WRITE, create_session, takes_idempotency_key=False),
    Route("GET", _ONE, Scope.SESSIONS_READ, show_session, admits_session=_own),
    Route("DELETE", _ONE, Scope.SESSIONS_WRITE, revoke_session),
    Route(
        *("POST", f"{_ONE}/exchange", Scope.SESSIONS_EXCHANGE, exchange_token),
        takes_idempotency_key=False,
        admits_session=_own,
    ),
)
