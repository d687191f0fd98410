"""What is imported in one dialect is there in the others."""

from chalicelib.model.ids import ImportId
from tests.contract.kasar.clients import ALICE, KasarClient
from tests.contract.packagex.clients import PackageXClient
from tests.import_world import run_import
from tests.world import OURS


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


def test_an_import_through_kasar_is_listed_by_packagex_with_what_became_of_it() -> None:
    kasar = KasarClient()
    kasar.load("contacts", ALICE, {"name": "Eve", "email": "wrong"})

    shown = PackageXClient(kasar.world).get("/v1/imports").json_body["data"][0]

    assert (shown["resource"], shown["action"], shown["status"]) == ("contact", "create", "completed")
    assert (shown["stats"]["total"], shown["stats"]["created"], shown["stats"]["failed"]) == (2, 1, 1)
