"""Import sessions: made with a key, exchanged, used for one import, revoked. `model/import_sessions.py` has their life.

A session sees the imports that it has made and no others: a file that was sent, its preview, the import that was made
of that, and what retries and undoes it. Each file takes the place of the one before, until one is confirmed.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from chalicelib.access.context import Caller, Context
from chalicelib.errors import Conflict, NotFound, Refused, Retryable
from chalicelib.imports.profiles import find_profile, with_profile
from chalicelib.imports.request import ImportRequest
from chalicelib.imports.service import cancel, get_import
from chalicelib.model.api_keys import digest_of
from chalicelib.model.ids import ImportId
from chalicelib.model.import_sessions import (
    CREDENTIAL_PREFIX,
    SESSION_PREFIX,
    TOKEN_PREFIX,
    ImportSession,
    ImportSessionId,
    find_origin,
    is_below,
    is_session_id,
    secret_of,
)
from chalicelib.model.imports import Action, Import, Status

TRIES = 8
"""How often a change is made anew because another came between."""
SHORTEST_S = 60
"""How long a session lives at least."""
URL_CHARACTERS = 2_000
"""How long a URL may be that leads back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRequest:
    """What a session should be."""

    resource: str
    actions: tuple[Action, ...]
    origin: str
    profile: str | None = None
    expires_in_s: int | None = None
    """None for as long as sessions live unless told otherwise."""
    return_url: str | None = None
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A session with the only copy of a secret that opens it: its token, or its credential."""

    session: ImportSession
    secret: str


def create_session(context: Context, caller: Caller, wanted: SessionRequest) -> OpenedSession:
    """Makes a session and returns it with its token. Raises Refused `invalid_parameter`, NotFound
    `profile_not_found`.
    """
    now = context.clock()
    origin = _checked_origin(wanted)
    _check_profile(context, caller, wanted)
    session_id = ImportSessionId(context.new_id(SESSION_PREFIX))
    token = secret_of(TOKEN_PREFIX, session_id, context.new_id)
    session = ImportSession(
        session_id=session_id,
        tenant_id=caller.tenant_id,
        test_of=caller.test_of,
        resource=wanted.resource,
        actions=wanted.actions,
        origin=origin,
        profile=wanted.profile,
        return_url=wanted.return_url,
        locale=wanted.locale,
        token_digest=digest_of(token),
        created_by=caller.key_id,
        created_at=now,
        expires_at=now + _checked_life_s(context, wanted.expires_in_s),
    )
    context.begin_work()
    if not context.stores.import_sessions.add(session):
        raise RuntimeError("a session was made twice")
    return OpenedSession(session, token)


def get_session(context: Context, caller: Caller, session_id: str) -> ImportSession:
    """Returns a session of the caller's tenant. Raises NotFound `session_not_found`."""
    known = is_session_id(session_id)
    session = context.stores.import_sessions.find(ImportSessionId(session_id)) if known else None
    if session is None or session.tenant_id != caller.tenant_id:
        raise NotFound("session_not_found", f"There is no import session {session_id[:64]!r}.")
    return session


def revoke_session(context: Context, caller: Caller, session_id: str) -> ImportSession:
    """Revokes a session for good, at the time first given, and returns it: from now on neither its token nor its
    credential opens anything. Raises NotFound.
    """

    def revoked(session: ImportSession) -> ImportSession:
        return session if session.revoked_at is not None else replace(session, revoked_at=context.clock())

    context.begin_work()
    return _change(context, get_session(context, caller, session_id), revoked).after


def exchange(context: Context, caller: Caller, session_id: str) -> OpenedSession:
    """Exchanges the token that asks, once, and returns its session with the credential. Raises Refused `unknown_key`
    for a token that was exchanged already, or is of another session.
    """
    if caller.session is None or caller.session.session_id != session_id:
        raise Refused("unknown_key", "The token is of another import session.")
    credential = secret_of(CREDENTIAL_PREFIX, caller.session.session_id, context.new_id)

    def exchanged(session: ImportSession) -> ImportSession:
        if session.is_exchanged or session.revoked_at is not None:
            raise Refused("unknown_key", "The token was exchanged already.")
        return replace(session, credential_digest=digest_of(credential))

    context.begin_work()
    return OpenedSession(_change(context, caller.session, exchanged).after, credential)


def check_own_session(caller: Caller, session_id: str) -> None:
    """Raises NotFound for any session but that of the caller."""
    if caller.session is None or caller.session.session_id != session_id:
        raise NotFound("session_not_found", f"There is no import session {session_id[:64]!r}.")


def check_own_import(context: Context, caller: Caller, import_id: ImportId) -> None:
    """Raises NotFound for an import that the caller's session has not made."""
    import_ = context.stores.imports.find(caller.tenant_id, import_id)
    if import_ is None or import_.created_by != caller.key_id:
        raise NotFound("import_not_found", f"There is no import {import_id!r}.")


def check_stated(stated: Collection[str], allowed: frozenset[str]) -> None:
    """Raises Refused `insufficient_scope` for parameters that are not a session's to state."""
    if others := sorted(set(stated) - allowed):
        raise Refused("insufficient_scope", f"An import session may not state {', '.join(others)}.", param=others[0])


def check_action(session: ImportSession, action: Action | None) -> None:
    """Raises Refused `insufficient_scope` for an action that the session does not allow."""
    if action is not None and action not in session.actions:
        allowed = ", ".join(session.actions)
        message = f"This import session may not {action}; it may {allowed}."
        raise Refused("insufficient_scope", message, param="action")


def check_new_file(context: Context, session: ImportSession, resource: str) -> None:
    """Raises Refused `insufficient_scope` for a file of another resource, and Conflict `session_used` or
    `too_many_files` for one that the session takes no more.
    """
    if resource != session.resource:
        raise Refused("insufficient_scope", f"This import session is for {session.resource}.", param="resource")
    if session.is_confirmed:
        raise _used()
    if session.files >= context.limits.import_session_files:
        message = f"{context.limits.import_session_files} files were sent in this session. Ask for another session."
        raise Conflict("too_many_files", message)


def take_file(context: Context, caller: Caller, import_: Import) -> None:
    """Puts a new import in the place of the one before, which is canceled. Raises Conflict as `check_new_file` does;
    the import is canceled then. A request that follows one that broke off changes nothing.
    """

    def taken(stored: ImportSession) -> ImportSession:
        if stored.import_id == import_.import_id:
            return stored
        check_new_file(context, stored, import_.resource)
        return replace(stored, import_id=import_.import_id, files=stored.files + 1)

    try:
        before = _change(context, _of(caller), taken).before.import_id
    except Conflict:
        _cancel_quietly(context, caller, import_.import_id)
        raise
    if before not in (None, import_.import_id):
        _cancel_quietly(context, caller, before)


def mark_confirmed(context: Context, caller: Caller, preview_id: ImportId) -> None:
    """Writes down that a preview is about to be confirmed, so that the session takes no other file. Does nothing for an
    import that can never be confirmed. Raises Conflict `not_ended`, and `session_used` for one in whose place another
    file has come.
    """
    preview = get_import(context, caller, preview_id)
    if not preview.is_final:
        raise Conflict("not_ended", f"The preview is still {preview.status.value}.")
    if not preview.is_preview or preview.status is not Status.COMPLETED:
        return

    def confirmed(stored: ImportSession) -> ImportSession:
        if stored.import_id != preview_id:
            raise Conflict("session_used", "Another file has come in the place of this one.")
        return stored if stored.is_confirmed else replace(stored, is_confirmed=True)

    _change(context, _of(caller), confirmed)


def with_session_profile(context: Context, caller: Caller, wanted: ImportRequest) -> ImportRequest:
    """Returns the request with the options of the profile that its session names. Raises NotFound."""
    session = caller.session
    if session is None or session.profile is None:
        return wanted
    return with_profile(wanted, find_profile(context, caller.tenant_id, session.profile))


def _of(caller: Caller) -> ImportSession:
    assert caller.session is not None, "only sessions come here"
    return caller.session


def _used() -> Conflict:
    return Conflict("session_used", "This import session has made its import. Ask for another session.")


def _cancel_quietly(context: Context, caller: Caller, import_id: ImportId | None) -> None:
    """What has ended, or is gone, need not be canceled."""
    try:
        if import_id is not None:
            cancel(context, caller, import_id)
    except (Conflict, NotFound):
        return


@dataclass(frozen=True, slots=True)
class _Change:
    """A session as it was stored before a change, and after it."""

    before: ImportSession
    after: ImportSession


def _change(context: Context, session: ImportSession, changed: Callable[[ImportSession], ImportSession]) -> _Change:
    """Stores what `changed` makes of the session as it is stored, made anew where another change came between."""
    stored: ImportSession | None = session
    for _ in range(TRIES):
        if stored is None:
            raise NotFound("session_not_found", "The import session is gone.")
        wanted = changed(stored)
        if wanted is stored:
            return _Change(stored, stored)
        wanted = replace(wanted, version=stored.version + 1)
        if context.stores.import_sessions.replace(wanted):
            return _Change(stored, wanted)
        stored = context.stores.import_sessions.find(session.session_id)
    raise Retryable(f"import session {session.session_id} keeps changing")


def _checked_origin(wanted: SessionRequest) -> str:
    origin = find_origin(wanted.origin)
    if origin is None:
        message = "Must be one origin over HTTPS, such as https://app.example.com, or http://localhost with a port."
        raise Refused("invalid_parameter", message, param="allow_origin")
    url = wanted.return_url
    if url is not None and (len(url) > URL_CHARACTERS or not is_below(url, origin)):
        message = f"Must be a URL of {origin}, at most {URL_CHARACTERS} characters."
        raise Refused("invalid_parameter", message, param="return_url")
    return origin


def _checked_life_s(context: Context, asked_s: int | None) -> int:
    longest_s = context.limits.import_session_longest_s
    if asked_s is None:
        return min(context.limits.import_session_s, longest_s)
    if not SHORTEST_S <= asked_s <= longest_s:
        message = f"Must be a number of seconds from {SHORTEST_S} to {longest_s}."
        raise Refused("invalid_parameter", message, param="expires_in")
    return asked_s


def _check_profile(context: Context, caller: Caller, wanted: SessionRequest) -> None:
    if wanted.profile is not None:
        request = ImportRequest(dialect="", resource=wanted.resource, action=wanted.actions[0])
        with_profile(request, find_profile(context, caller.tenant_id, wanted.profile))
