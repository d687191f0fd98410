"""Answers that are asked for again and again say when nothing has changed, to HEAD as to GET."""

import pytest

from chalicelib.model.exports import ExportStatus
from chalicelib.model.imports import Status
from chalicelib.model.status_changes import ExportChange, ImportChange
from tests.contract.packagex.clients import PackageXClient
from tests.world import NOW, World, an_export, an_import

POLLED = ["/v1/imports", "/v1/imports/imp_1", "/v1/imports?status=queued", "/v1/exports", "/v1/exports/exp_1"]


@pytest.fixture
def world() -> World:
    world = World()
    world.stores.imports.add(an_import(Status.QUEUED, "imp_1"))
    world.stores.exports.add(an_export(ExportStatus.QUEUED, "exp_1"))
    return world


@pytest.fixture
def client(world: World) -> PackageXClient:
    return PackageXClient(world)


@pytest.mark.parametrize("path", POLLED)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_has_not_changed_is_not_sent_again(client: PackageXClient, path: str, method: str) -> None:
    first = client.get(path)

    again = client.request(method, path, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code, again.body) == (200, 304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "Content-Type" not in again.headers
    assert client.request("HEAD", path).headers["ETag"] == first.headers["ETag"]


@pytest.mark.parametrize("path", POLLED)
def test_what_has_changed_is_sent(client: PackageXClient, world: World, path: str) -> None:
    tag = client.get(path).headers["ETag"]
    import_, export = an_import(), an_export()

    world.stores.imports.change(import_.tenant_id, an_import(import_id="imp_1").import_id, _begun())
    world.stores.exports.change(export.tenant_id, export.export_id, ExportChange(to=ExportStatus.PROCESSING, at=NOW))
    changed = client.request("GET", path, headers={"If-None-Match": tag})

    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag


def test_a_refusal_has_no_tag(client: PackageXClient) -> None:
    assert "ETag" not in client.get("/v1/imports/imp_none").headers


def _begun() -> ImportChange:
    return ImportChange(to=Status.PROCESSING, at=NOW)
