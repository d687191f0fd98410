"""Import sessions that several ask at once: a token is exchanged once, and one import is made, in whatever order the
calls of the store come. With a store that has lost its condition the same runs must fail.
"""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from chalicelib.access.authentication import authenticate
from chalicelib.access.context import Caller, Context
from chalicelib.errors import Conflict, Refused
from chalicelib.imports import sessions
from chalicelib.imports.confirm import confirm
from chalicelib.model.import_sessions import ImportSession
from chalicelib.model.imports import Action, Import, Status
from chalicelib.stores.memory import MemoryImportSessions
from tests.faults.interleaving import Interleaver
from tests.faults.recorder import Call, CallRecorder
from tests.world import NOW, World

SEEDS = range(40)
WANTED = sessions.SessionRequest(resource="contacts", actions=(Action.MERGE,), origin="https://app.example.com")


class AnyVersion(MemoryImportSessions):
    """Stores a session whatever version is there."""

    def replace(self, session: ImportSession) -> bool:
        self._sessions[session.session_id] = session
        return True


class Together:
    """Callers whose calls of the store come in an order drawn at random."""

    def __init__(self, seed: int, store: Callable[[], MemoryImportSessions]) -> None:
        world = World()
        world.stores = replace(world.stores, import_sessions=store())
        self.world = world
        self.interleaver = Interleaver(Random(seed))
        plain = replace(world.context, stores=world.stores)
        self.opened = sessions.create_session(plain, world.caller(), WANTED)
        self.context = replace(plain, stores=CallRecorder(world.stores, self._paused).stores)

    def _paused(self, call: Call) -> object:
        if call.name.startswith("import_sessions."):
            self.interleaver.pause()
        return call.perform()

    def run(self, *each: Callable[[], object]) -> None:
        for number, do in enumerate(each):
            self.interleaver.add(f"caller {number}", do)
        self.interleaver.run()


def credentials_given(seed: int, store: Callable[[], MemoryImportSessions]) -> list[str]:
    """Returns what three get who exchange the same token at once, as far as it opens the session afterwards."""
    together, given = Together(seed, store), []

    def exchange() -> None:
        try:
            caller = authenticate(together.context, together.opened.secret)
            given.append(sessions.exchange(together.context, caller, together.opened.session.session_id).secret)
        except Refused as refused:
            _demand(refused, "unknown_key")

    together.run(exchange, exchange, exchange)
    for credential in given:
        authenticate(replace(together.context, stores=together.world.stores), credential)
    return given


def confirmed_imports(seed: int, store: Callable[[], MemoryImportSessions]) -> int:
    """Returns how many previews are confirmed of which one was sent while the other was about to be confirmed."""
    together = Together(seed, store)
    world, context = together.world, together.context
    first, second = (_preview(world, together.opened.session, name) for name in ("imp_first", "imp_second"))
    plain = replace(context, stores=world.stores)
    sessions.take_file(plain, _guest(plain, together.opened.session), first)

    def confirms(import_: Import) -> None:
        try:
            caller = _guest(plain, together.opened.session)
            sessions.mark_confirmed(context, caller, import_.import_id)
            confirm(context, caller, import_.import_id)
        except Conflict as conflict:
            _demand(conflict, "session_used")

    def sends_and_confirms() -> None:
        try:
            sessions.take_file(context, _guest(plain, together.opened.session), second)
        except Conflict as conflict:
            _demand(conflict, "session_used")
        confirms(second)

    together.run(lambda: confirms(first), sends_and_confirms)
    return sum(world.stored_import(one).confirmed_as is not None for one in (first, second))


def _preview(world: World, session: ImportSession, name: str) -> Import:
    return world.add_import(
        Status.COMPLETED, name, is_preview=True, confirm_until=NOW + 99, created_by=session.session_id
    )


def _demand(refused: Refused, code: str) -> None:
    """Raises a refusal that has another code."""
    if refused.code != code:
        raise refused


def _guest(context: Context, session: ImportSession) -> Caller:
    stored = context.stores.import_sessions.find(session.session_id)
    return Caller(tenant_id=session.tenant_id, key_id=session.session_id, scopes=frozenset(), session=stored)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_token_is_exchanged_once(seed: int) -> None:
    assert len(credentials_given(seed, MemoryImportSessions)) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_one_import_is_confirmed(seed: int) -> None:
    assert confirmed_imports(seed, MemoryImportSessions) == 1


def test_without_versions_a_token_is_exchanged_again() -> None:
    def is_noticed(seed: int) -> bool:
        try:
            return len(credentials_given(seed, AnyVersion)) > 1
        except Refused:  # what was given first opens nothing any more
            return True

    assert any(map(is_noticed, SEEDS))


def test_without_versions_two_imports_are_confirmed() -> None:
    assert any(confirmed_imports(seed, AnyVersion) > 1 for seed in SEEDS)
