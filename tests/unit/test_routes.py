"""All routes of all dialects, as the app declares them: default deny."""

import pytest
from chalice.app import Chalice
from chalice.test import Client

from app import app
from chalicelib.imports.profiles import create_profile
from chalicelib.imports.sessions import SessionRequest, create_session
from chalicelib.model.api_keys import Scope
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.imports import Action
from tests.blueprints import all_blueprints
from tests.world import OURS, THEIRS, World, a_schedule, an_export

OPEN = {
    "health",
    "openapi",
    "docs",
    "root",
    "console",
    "console_file",
    "importer",
    "importer_element",
    "issue_token",
    "path_not_found",
    "method_not_allowed",
}
"""What answers without a key: that somebody is there, what can be asked, where tokens are had, and what is nowhere."""

VIEWS = [
    (method, path, entry.view_function)
    for path, methods in app.routes.items()
    for method, entry in methods.items()
    if entry.view_function.__name__ not in OPEN
]
SECRETS = {
    "/bulk-imports": "px_users_theirs",
    "/v1": "px_theirs",
    "/api/v1/teams": "sk_live_theirs",
    "/api/v1": "ksr_theirs",
}
VALUES = {"team_id": OURS, "object": "contacts", "resource": "contacts", "import_id": "imp_1", "record_id": "con_1"}
VALUES |= {"export_id": "exp_1", "schedule_id": "sch_1", "webhook_id": "whk_1", "delivery_id": "dlv_1"}
VALUES |= {"profile_id": "weekly", "session_id": "ims_1"}
NAMED = tuple(f"{{{name}}}" for name in VALUES if name not in ("object", "resource", "team_id"))
"""Parts of paths that name what a tenant has."""

BODIES = {
    "/v1/imports/{import_id}/undo": b"{}",
    "/v1/imports/{import_id}/retry": b"{}",
    "/v1/imports/{import_id}/source": b'{"data": "data:text/csv;base64,bmFtZQo="}',
    "/v1/import-profiles/{profile_id}": b'{"hold": true}',
    "/bulk-imports/users/{import_id}": b'{"status": "CANCELED"}',
}
"""What routes take that take no name."""


@pytest.fixture(scope="module")
def client() -> Client:
    """A stranger's: our tenant has an import and a record, and there are keys of another."""
    world = World()
    wanted = SessionRequest(resource="contacts", actions=(Action.MERGE,), origin="https://app.example.com")
    assert create_session(world.context, world.caller(), wanted).session.session_id == VALUES["session_id"]
    world.add_import(import_id="imp_1", resource="users")
    world.record("con_1", {"name": "Ours"})
    assert world.stores.exports.add(an_export(name="Ours"))
    world.stores.schedules.add(a_schedule(name="Ours"), limit=9)
    create_profile(world.context, world.caller(), "weekly", RESOURCES["contacts"], {"location_id": "Ours"})
    for secret in SECRETS.values():
        world.key(secret, tenant_id=THEIRS)
    whole = Chalice("whole", configure_logs=False)
    for blueprint in all_blueprints(lambda: world.context, lambda: world.now):
        whole.register_blueprint(blueprint)
    return Client(whole)


@pytest.mark.parametrize(("method", "path", "view"), VIEWS, ids=lambda one: one if isinstance(one, str) else "")
def test_every_route_demands_a_scope(method: str, path: str, view: object) -> None:
    assert isinstance(vars(view)["scope"], Scope)


@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _ in VIEWS])
def test_no_route_opens_without_a_key(client: Client, method: str, path: str) -> None:
    response = client.http.request(method, path.format(**VALUES), body=b"{}")

    assert response.status_code == 401


def test_no_token_is_had_without_credentials(client: Client) -> None:
    response = client.http.post("/oauth/token", body=b"grant_type=client_credentials")

    assert response.status_code == 401


@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _ in VIEWS])
def test_no_route_shows_what_is_another_tenant_s(client: Client, method: str, path: str) -> None:
    secret = next(secret for prefix, secret in SECRETS.items() if path.startswith(prefix))
    headers = {"PX-API-KEY": secret, "Authorization": f"Bearer {secret}", "Content-Type": "application/json"}

    body = BODIES.get(path, b'{"name": "mine now"}')
    response = client.http.request(method, path.format(**VALUES), headers=headers, body=body)

    is_ours = any(name in path for name in NAMED) and not path.endswith("/exchange")  # for which no key has the scope
    assert response.status_code in ({404} if is_ours and "{team_id}" not in path else {200, 400, 403, 404})
    assert b"Ours" not in response.body
    assert b"imp_1" not in response.body or response.status_code == 404  # the path is told as it was asked
