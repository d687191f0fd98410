"""Import sessions where another change comes between; `contract/packagex/test_import_sessions.py` has the rest."""

from dataclasses import replace

import pytest

from chalicelib.access.context import Caller
from chalicelib.errors import NotFound, Retryable
from chalicelib.imports import sessions
from chalicelib.model.import_sessions import ImportSession, ImportSessionId
from chalicelib.model.imports import Action, Status
from chalicelib.stores.memory import MemoryImportSessions
from tests.world import NOW, OURS, World

SESSION = ImportSession(
    session_id=ImportSessionId("ims_1"),
    tenant_id=OURS,
    resource="contacts",
    actions=(Action.MERGE,),
    origin="https://app.example.com",
    token_digest="t0",
    created_at=NOW,
    expires_at=NOW + 3600,
)
GUEST = Caller(tenant_id=OURS, key_id=SESSION.session_id, scopes=frozenset(), session=SESSION)


@pytest.fixture
def world() -> World:
    world = World()
    world.stores.import_sessions.add(SESSION)
    return world


def test_the_file_before_is_canceled_whichever_came_between(world: World) -> None:
    first, second = (world.add_import(import_id=name, created_by="ims_1") for name in ("imp_a", "imp_b"))

    sessions.take_file(world.context, GUEST, first)
    sessions.take_file(world.context, GUEST, second)  # by a caller that has not heard of the first

    assert world.stored_import(first).status is Status.CANCELED
    assert world.stored_import(second).status is Status.REQUESTED


def test_a_request_that_is_repeated_takes_its_file_once(world: World) -> None:
    import_ = world.add_import(created_by="ims_1")

    for _ in range(2):
        sessions.take_file(world.context, GUEST, import_)

    stored = world.stores.import_sessions.find(SESSION.session_id)
    assert stored == replace(SESSION, import_id=import_.import_id, files=1, version=2)
    assert world.stored_import(import_).status is Status.REQUESTED


def test_a_session_that_keeps_changing_is_asked_for_again_later(world: World) -> None:
    class Busy(MemoryImportSessions):
        def replace(self, session: ImportSession) -> bool:
            return False

    world.context = replace(world.context, stores=replace(world.stores, import_sessions=Busy()))
    world.context.stores.import_sessions.add(SESSION)

    with pytest.raises(Retryable):
        sessions.revoke_session(world.context, world.caller(), SESSION.session_id)


def test_a_session_that_is_gone_takes_no_file() -> None:
    world = World()

    with pytest.raises(NotFound):
        sessions.take_file(world.context, GUEST, world.add_import(created_by="ims_1"))
