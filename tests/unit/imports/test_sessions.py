"""Import sessions where another change comes between; `contract/packagex/test_import_sessions.py` has the rest."""

from contextlib import nullcontext
from dataclasses import replace

import pytest

from chalicelib.access.context import Caller
from chalicelib.errors import NotFound, Refused, Retryable
from chalicelib.imports import sessions
from chalicelib.model.ids import ImportId
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


def test_only_a_token_of_a_session_is_exchanged(world: World) -> None:
    with pytest.raises(Refused, match="another import session"):
        sessions.exchange(world.context, world.caller(), SESSION.session_id)


@pytest.mark.parametrize("created_by", [None, "key_1"], ids=["absent", "of another caller"])
def test_a_session_sees_no_import_but_its_own(world: World, created_by: str | None) -> None:
    own = world.add_import(import_id="imp_own", created_by="ims_1")
    if created_by:
        world.add_import(import_id="imp_other", created_by=created_by)

    sessions.check_own_import(world.context, GUEST, own.import_id)
    with pytest.raises(NotFound, match="imp_other"):
        sessions.check_own_import(world.context, GUEST, ImportId("imp_other"))


@pytest.mark.parametrize(("more", "is_taken"), [(0, True), (1, False)], ids=["longest", "too long"])
def test_the_url_to_return_to_has_a_longest_length(more: int, is_taken: bool) -> None:
    world = World()
    url = f"{SESSION.origin}/".ljust(sessions.URL_CHARACTERS + more, "a")
    wanted = sessions.SessionRequest(
        resource="contacts", actions=(Action.MERGE,), origin=SESSION.origin, return_url=url
    )

    with nullcontext() if is_taken else pytest.raises(Refused, match="at most 2000 characters"):
        assert sessions.create_session(world.context, world.caller(), wanted).session.return_url == url
