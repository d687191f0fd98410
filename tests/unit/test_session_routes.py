"""What an import session opens of all routes of all dialects: only what is named here, and of that only its own."""

import pytest
from chalice.app import Chalice
from chalice.test import Client

from chalicelib.access.authentication import authenticate
from chalicelib.imports.sessions import SessionRequest, create_session, exchange
from chalicelib.model.imports import Action, Status
from tests.blueprints import all_blueprints
from tests.unit.test_routes import VALUES, VIEWS
from tests.world import World, a_schedule, an_export

READ = {
    f"{method} {path}"
    for method in ("GET", "HEAD")
    for path in (
        "/v1/imports/{import_id}",
        "/v1/imports/{import_id}/rows",
        "/v1/imports/{import_id}/source",
        "/v1/import-sessions/{session_id}",
    )
}
CHANGED = {f"POST /v1/imports/{{import_id}}{rest}" for rest in ("", "/undo", "/retry", "/source")}
SHARED = {f"{method} {path}" for method in ("GET", "HEAD") for path in ("/v1/resources", "/v1/resources/{resource}")}
MAKING = "POST /v1/imports"
EXCHANGE = "POST /v1/import-sessions/{session_id}/exchange"
ROUTES = [f"{method} {path}" for method, path, _ in VIEWS]


class Guest:
    """Somebody with the token or the credential of a session whose tenant has an import, a session and more beside."""

    def __init__(self) -> None:
        world = World()
        world.add_import(Status.COMPLETED, "imp_1", resource="contacts", name="Ours")
        world.record("con_1", {"name": "Ours"})
        world.stores.exports.add(an_export(name="Ours"))
        world.stores.schedules.add(a_schedule(name="Ours"), limit=9)
        wanted = SessionRequest(resource="contacts", actions=(Action.MERGE,), origin="https://app.example.com")
        other, unopened, opened = (create_session(world.context, world.caller(), wanted) for _ in range(3))
        caller = authenticate(world.context, opened.secret)
        self.token = unopened.secret
        self.credential = exchange(world.context, caller, opened.session.session_id).secret
        self._values = VALUES | {"session_id": other.session.session_id}
        whole = Chalice("whole", configure_logs=False)
        for blueprint in all_blueprints(lambda: world.context, lambda: world.now):
            whole.register_blueprint(blueprint)
        self._client = Client(whole)

    def status(self, route: str, secret: str) -> int:
        """Returns the status of the answer to a secret, wherever a dialect takes one."""
        method, _, path = route.partition(" ")
        headers = {"PX-API-KEY": secret, "Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        response = self._client.http.request(method, path.format(**self._values), headers=headers, body=b"{}")
        assert b"Ours" not in response.body
        return response.status_code


@pytest.fixture(scope="module")
def guest() -> Guest:
    return Guest()


def test_what_is_opened_is_there() -> None:
    assert {*READ, *CHANGED, *SHARED, MAKING, EXCHANGE} <= set(ROUTES)


@pytest.mark.parametrize("route", ROUTES)
def test_a_session_opens_its_own_and_nothing_else(guest: Guest, route: str) -> None:
    status = guest.status(route, guest.credential)

    if route in READ or route in CHANGED:
        assert status == 404
    elif route in SHARED:
        assert status == 200
    elif route == MAKING:
        assert status == 400
    else:
        assert status in (401, 403)


@pytest.mark.parametrize("route", ROUTES)
def test_a_token_opens_nothing_but_its_exchange(guest: Guest, route: str) -> None:
    assert guest.status(route, guest.token) in ((404,) if route == EXCHANGE else (401, 403))
