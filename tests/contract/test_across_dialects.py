"""What is imported in one dialect is there in the others."""

import pytest
from chalice.app import Chalice
from chalice.test import Client

from chalicelib.model.api_keys import KeyKind, Scope
from chalicelib.model.ids import ImportId
from tests.blueprints import all_blueprints
from tests.contract.kasar.clients import ALICE, KasarClient
from tests.contract.packagex.clients import PackageXClient
from tests.import_world import run_import
from tests.world import OURS, World


def test_a_contact_imported_through_packagex_is_a_duplicate_in_kasar() -> None:
    kasar = KasarClient()
    packagex = PackageXClient(kasar.world)
    body = {
        "upload_mode": "sync",
        "resource": "contact",
        "action": "merge",
        "data": [{"name": "A. Martin", "email": "Alice@Example.com"}],
    }
    import_id = packagex.post("/v1/imports", body).json_body["data"]["id"]
    import_ = kasar.world.stores.imports.find(OURS, ImportId(import_id))
    assert import_ is not None
    run_import(kasar.machine, import_)

    response = kasar.load("contacts", ALICE)

    assert (response.json_body["created"], response.json_body["duplicates"]) == (0, 1)


@pytest.mark.parametrize(
    ("path", "dialect"),
    [
        ("/v1/imports?limit=1", "packagex"),
        ("/v1/imports/imp_nowhere", "packagex"),
        (f"/api/v1/teams/{OURS}/import", "cstar"),
        (f"/api/v1/teams/{OURS}/export?type=tickets&format=csv", "cstar"),
        ("/api/v1/export/contacts?format=csv", "kasar"),
        ("/bulk-imports/users?page=0", "talkdesk"),
    ],
)
def test_head_is_answered_as_get_is(path: str, dialect: str) -> None:
    world = World()
    keys = {"packagex": "px_1", "cstar": "sk_live_1", "kasar": "ksr_1", "talkdesk": "px_1"}
    world.key("px_1")
    world.key("sk_live_1", kind=KeyKind.SK_LIVE)
    world.key("ksr_1", kind=KeyKind.KSR_ADMIN, scopes=frozenset({Scope.ADMIN}))
    app = Chalice("heads", configure_logs=False)
    for blueprint in all_blueprints(lambda: world.context, lambda: world.now):
        app.register_blueprint(blueprint)
    header = {"packagex": "PX-API-KEY"}.get(dialect, "Authorization")
    headers = {header: f"{'' if dialect == 'packagex' else 'Bearer '}{keys[dialect]}"}

    by_get, by_head = (Client(app).http.request(method, path, headers=headers) for method in ("GET", "HEAD"))

    assert by_head.status_code == by_get.status_code != 401
    assert lasting_headers(by_head.headers) == lasting_headers(by_get.headers)


def lasting_headers(headers: dict[str, str]) -> dict[str, str]:
    """The headers but for what counts requests."""
    return {name: value for name, value in headers.items() if name not in ("X-RateLimit-Remaining", "X-Request-Id")}


def test_an_import_through_kasar_is_listed_by_packagex_with_what_became_of_it() -> None:
    kasar = KasarClient()
    kasar.load("contacts", ALICE, {"name": "Eve", "email": "wrong"})

    shown = PackageXClient(kasar.world).get("/v1/imports").json_body["data"][0]

    assert (shown["resource"], shown["action"], shown["status"]) == ("contact", "create", "completed")
    assert (shown["stats"]["total"], shown["stats"]["created"], shown["stats"]["failed"]) == (2, 1, 1)
