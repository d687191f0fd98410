"""Imports shown and listed, as PackageX clients see them."""

import pytest

from chalicelib.model.imports import Action, Source, Stats, Status, UploadMode
from chalicelib.model.object_keys import ResultFile, result_key
from tests.contract.packagex.bodies import NO_UPLOAD, enveloped, import_body, refusal
from tests.contract.packagex.clients import PackageXClient
from tests.world import NOW, OURS


def test_a_list_has_an_array_and_its_pagination() -> None:
    client = PackageXClient()
    for number in range(12):
        client.world.add_import(Status.QUEUED, import_id=f"imp_{number:02}", created_at=NOW + number)

    first, second = client.get("/v1/imports").json_body, client.get("/v1/imports?page=2&limit=10").json_body

    assert [one["id"] for one in first["data"]] == [f"imp_{number:02}" for number in range(11, 1, -1)]
    assert first["pagination"] == {"limit": 10, "page": 1, "has_more": True, "total_count": 12}
    assert [one["id"] for one in second["data"]] == ["imp_01", "imp_00"]
    assert second["pagination"] == {"limit": 10, "page": 2, "has_more": False, "total_count": 12}
    assert set(first["data"][0]) == set(import_body())


def test_an_empty_list_is_an_array() -> None:
    pagination = {"limit": 10, "page": 1, "has_more": False, "total_count": 0}

    assert PackageXClient().get("/v1/imports").json_body == enveloped(
        [], "Imports retrieved.", "/v1/imports", pagination=pagination
    )


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("resource=group", ["imp_b"]),
        ("resource=groups", ["imp_b"]),
        ("status=failed", ["imp_c", "imp_b"]),
        ("status=processing", ["imp_a"]),
        ("upload_mode=sync", ["imp_c"]),
        ("action=delete", ["imp_a"]),
        ("action=merge&status=failed", ["imp_c", "imp_b"]),
    ],
)
def test_lists_are_filtered(query: str, ids: list[str]) -> None:
    client = PackageXClient()
    client.world.add_import(Status.CANCELING, import_id="imp_a", created_at=NOW, action=Action.DELETE)
    client.world.add_import(Status.CANCELED, import_id="imp_b", created_at=NOW + 1, resource="groups")
    client.world.add_import(Status.FAILED, import_id="imp_c", created_at=NOW + 2, upload_mode=UploadMode.SYNC)

    body = client.get(f"/v1/imports?{query}").json_body

    assert [one["id"] for one in body["data"]] == ids
    assert body["pagination"]["total_count"] == len(ids)


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("page=0", "page: Input should be greater than or equal to 1."),
        ("limit=101", "limit: Input should be less than or equal to 100."),
        ("limit=ten", "limit: Input should be a valid integer, unable to parse string as an integer."),
        ("limit=1&limit=2", "limit: Given more than once."),
        ("order=asc", "order: Unknown parameter."),
        ("resource=ship", "resource: There is no resource 'ship'."),
    ],
)
def test_a_bad_query_is_refused(query: str, error: str) -> None:
    assert refusal(PackageXClient().get(f"/v1/imports?{query}")) == (400, "validation_failed", [error])


def test_an_import_is_returned_with_the_links_that_are_asked_for() -> None:
    client = PackageXClient()
    import_ = client.world.add_import(
        Status.COMPLETED,
        import_id="imp_1",
        has_upload_file=True,
        has_errors_file=True,
        stats=Stats(
            total=10, created=3, updated=2, unchanged=1, deleted=0, skipped=2, failed=2, overwritten=4, warnings=9
        ),
        source=Source(key="k", version_id="v1", size_bytes=9, checksum="c0ffee"),
    )
    for file in ResultFile:
        client.world.stores.files.write_file(result_key(OURS, import_.import_id, file), b"x")

    plain = client.get("/v1/imports/imp_1").json_body["data"]
    linked = client.get("/v1/imports/imp_1?include_upload_json=true&include_errors_csv=true").json_body["data"]

    expected = import_body(
        status="completed",
        has_upload_file=True,
        has_errors_file=True,
        stats={
            "total": 10,
            "created": 3,
            "updated": 2,
            "unchanged": 1,
            "deleted": 0,
            "overwritten": 4,
            "skipped": 2,
            "failed": 2,
            "unprocessed": 0,
            "created_references": {},
        },
        checksum="c0ffee",
        **NO_UPLOAD,
    )
    links = {
        f"_{name}_url": f"memory://GET/results/{OURS}/imp_1/{file}?expires_at={NOW + 3600}&filename=imp_1-{file}"
        for name, file in (("upload_json", "upload.json"), ("errors_csv", "errors.csv"))
    }
    assert plain == expected
    assert linked == expected | links


def test_a_link_to_a_file_that_is_not_there_is_null() -> None:
    client = PackageXClient()
    client.world.add_import(Status.COMPLETED, import_id="imp_1")

    data = client.get("/v1/imports/imp_1?include_errors_csv=true").json_body["data"]

    assert data["_errors_csv_url"] is None


def test_an_upload_url_is_signed_afresh_and_says_until_when_it_is_good_while_the_import_waits() -> None:
    client = PackageXClient()
    client.post("/v1/imports", {"upload_mode": "async", "resource": "contact", "action": "merge"})
    shown = []

    for later in (0, 7_200, 23 * 3_600 + 1_800, 86_400):
        client.world.now = NOW + later
        data = client.get("/v1/imports/imp_1").json_body["data"]
        [listed] = client.get("/v1/imports").json_body["data"]
        assert (listed["_upload_url"], listed["_upload_expires_at"]) == (
            data["_upload_url"],
            data["_upload_expires_at"],
        )
        shown.append((data["_upload_url"], data["_upload_expires_at"]))

    url = f"memory://PUT/uploads/{OURS}/imp_1/source?expires_at="
    ends = [NOW + 3_600, NOW + 7_200 + 3_600, NOW + 86_400]
    assert shown == [*((f"{url}{end}", end) for end in ends), (None, None)]
