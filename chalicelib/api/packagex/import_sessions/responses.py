"""Import sessions as PackageX shows them. Secrets are shown where they are made, and nowhere else."""

from chalicelib.api.packagex import RESOURCE_WORDS
from chalicelib.api.packagex.import_sessions.schemas import PackageXCredential, PackageXSession
from chalicelib.imports.sessions import OpenedSession
from chalicelib.model.import_sessions import ImportSession


def render_session(session: ImportSession, *, now: int) -> PackageXSession:
    """Returns a session as it is at this time, in epoch seconds."""
    return {
        "object": "import_session",
        "id": session.session_id,
        "status": _status_of(session, now),
        "resource": RESOURCE_WORDS[session.resource],
        "allow": [action.value for action in session.actions],
        "allow_origin": session.origin,
        "profile": session.profile,
        "return_url": session.return_url,
        "locale": session.locale,
        "import_id": session.import_id,
        "created_by": session.created_by,
        "created_at": session.created_at,
        "expires_at": session.expires_at,
        "revoked_at": session.revoked_at,
    }


def render_credential(opened: OpenedSession, *, now: int) -> PackageXCredential:
    """Returns a session with its credential."""
    return {**render_session(opened.session, now=now), "_credential": opened.secret}


def importer_path(opened: OpenedSession) -> str:
    """Returns the path of the importer, with the token in the fragment, which browsers send to no server."""
    return f"/importer/{opened.session.session_id}#{opened.secret}"


def _status_of(session: ImportSession, now: int) -> str:
    if session.revoked_at is not None:
        return "revoked"
    if not session.is_live(now):
        return "expired"
    return "opened" if session.is_exchanged else "created"
