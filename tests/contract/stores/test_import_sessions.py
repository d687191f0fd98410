"""What `ImportSessions` promises: a session by its id, and one change of each version."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.import_sessions import ImportSession, ImportSessionId
from chalicelib.model.imports import Action
from chalicelib.stores.interfaces import Stores
from tests.contract.stores.conftest import NOW, StoresUnderTest

MONTH_S = 30 * 24 * 3600


@pytest.fixture
def session(tenant: TenantId) -> ImportSession:
    return ImportSession(
        session_id=ImportSessionId(f"ims_{tenant}"),
        tenant_id=tenant,
        resource="contacts",
        actions=(Action.MERGE, Action.CREATE),
        origin="https://app.example.com",
        token_digest="t0",
        created_by="key_1",
        created_at=NOW,
        expires_at=NOW + 3600,
    )


def test_a_session_is_found_as_it_was_added(stores: Stores, session: ImportSession) -> None:
    assert stores.import_sessions.add(session)
    assert stores.import_sessions.find(session.session_id) == session
    assert stores.import_sessions.find(ImportSessionId("ims_other")) is None


def test_an_id_is_taken_once(stores: Stores, session: ImportSession) -> None:
    stores.import_sessions.add(session)

    assert not stores.import_sessions.add(replace(session, resource="customers"))
    assert stores.import_sessions.find(session.session_id) == session


def test_each_version_takes_the_place_of_the_one_before(stores: Stores, session: ImportSession) -> None:
    stores.import_sessions.add(session)
    opened = replace(session, credential_digest="c0", import_id=ImportId("imp_1"), files=1, version=2)
    revoked = replace(opened, is_confirmed=True, revoked_at=NOW, version=3)

    assert not stores.import_sessions.replace(revoked)
    assert stores.import_sessions.replace(opened)
    assert not stores.import_sessions.replace(replace(opened, credential_digest="c1"))
    assert stores.import_sessions.find(session.session_id) == opened
    assert stores.import_sessions.replace(revoked)
    assert stores.import_sessions.find(session.session_id) == revoked


def test_none_is_changed_that_is_not_there(stores: Stores, session: ImportSession) -> None:
    assert not stores.import_sessions.replace(replace(session, version=2))
    assert stores.import_sessions.find(session.session_id) is None


def test_of_many_changes_at_once_one_is_made(racing: Stores, session: ImportSession) -> None:
    racing.import_sessions.add(session)
    barrier = Barrier(8)

    def change(number: int) -> bool:
        barrier.wait()
        return racing.import_sessions.replace(replace(session, credential_digest=f"c{number}", version=2))

    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(change, range(8)))

    stored = racing.import_sessions.find(session.session_id)
    assert made.count(True) == 1
    assert stored is not None
    assert stored.credential_digest == f"c{made.index(True)}"


@pytest.mark.parametrize(("after_s", "is_found"), [(3600 + MONTH_S - 1, True), (3600 + MONTH_S, False)])
def test_one_that_has_ended_is_found_for_a_month(
    world: StoresUnderTest, session: ImportSession, after_s: int, is_found: bool
) -> None:
    world.stores.import_sessions.add(session)
    if world.aws is None:
        pytest.skip("memory forgets nothing, and tables made anew hold nothing")

    later = world.with_clock(lambda: NOW + after_s)

    assert (later.import_sessions.find(session.session_id) is not None) is is_found
