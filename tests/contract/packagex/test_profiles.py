"""`/v1/import-profiles` and `/v1/settings`: options that imports get without stating them."""

import orjson
import pytest

from chalicelib.imports.file_drops import file_dropped
from chalicelib.model.api_keys import ApiKey, Scope, digest_of
from chalicelib.model.imports import Import
from chalicelib.model.limits import Limits
from tests.contract.packagex.bodies import enveloped, import_body, refusal
from tests.contract.packagex.clients import JSON, PackageXClient
from tests.contract.packagex.pipeline import PipelineClient, counted
from tests.world import NOW, OURS, THEIRS, World

WEEKLY: JSON = {
    "name": "weekly",
    "resource": "customers",
    "action": "update",
    "column_mapping": {"name": "Kunde", "email": "Post"},
    "match_by": ["email"],
    "merge_rules": {"notes": "append_line"},
    "max_failed": "5%",
    "max_deleted": None,
    "reading": {"delimiter": ";", "decimal": ",", "true_words": ["x"]},
    "duplicate_handling": "use_first",
    "preview": False,
}
ASYNC: JSON = {"upload_mode": "async", "resource": "customers", "action": "merge"}
FILE = b"Kunde;Post\nAnn;ann@example.com\n"


def profile_body(client: PackageXClient, **given: object) -> JSON:
    (stored,) = client.world.stores.import_profiles.list_profiles(OURS)
    options = {name: one for name, one in WEEKLY.items() if name not in ("name", "resource")}
    reading = {"delimiter": ";", "decimal": "comma", "true_words": ["x"]}
    return {
        "object": "import_profile",
        "id": stored.profile_id,
        "name": "weekly",
        "resource": "customer",
        "version": 1,
        "options": options | {"reading": reading},
        "created_by": "key_test",
        "updated_by": "key_test",
        "created_at": NOW,
        "updated_at": NOW,
    } | given


def created(client: PackageXClient, **given: object) -> JSON:
    data: JSON = client.post("/v1/import-profiles", WEEKLY | given).json_body["data"]
    return data


def test_a_profile_is_created_shown_and_listed() -> None:
    client = PackageXClient()

    response = client.post("/v1/import-profiles", WEEKLY)

    body = profile_body(client)
    assert response.json_body == enveloped(body, "Import profile created.", "/v1/import-profiles", 201)
    assert response.headers["Location"].endswith(f"/v1/import-profiles/{body['id']}")
    for named in (body["id"], "weekly"):
        shown = client.get(f"/v1/import-profiles/{named}").json_body
        assert shown == enveloped(body, "Import profile retrieved.", f"/v1/import-profiles/{named}")
    listed = client.get("/v1/import-profiles").json_body
    assert (listed["data"], listed["pagination"]["total_count"]) == ([body], 1)


def test_a_field_that_no_column_is_to_feed_is_null_in_a_profile_too() -> None:
    client = PackageXClient()

    profile = created(client, column_mapping={"name": "Kunde", "phone": None})

    assert profile["options"]["column_mapping"] == {"name": "Kunde", "phone": None}


def test_a_change_is_another_version() -> None:
    client = PackageXClient()
    created(client)
    client.world.now += 60

    change = {"max_failed": None, "hold": True, "unset": ["match_by"]}
    changed = client.post("/v1/import-profiles/weekly", change).json_body["data"]

    options = {name: one for name, one in profile_body(client)["options"].items() if name != "match_by"}
    assert changed == profile_body(
        client, version=2, updated_at=NOW + 60, options=options | {"max_failed": None, "hold": True}
    )


def test_a_profile_is_deleted() -> None:
    client = PackageXClient()
    profile = created(client)

    deleted = client.request("DELETE", "/v1/import-profiles/weekly").json_body

    data = {"object": "import_profile", "id": profile["id"], "deleted": True}
    assert deleted == enveloped(data, "Import profile deleted.", "/v1/import-profiles/weekly")
    assert refusal(client.get("/v1/import-profiles/weekly"))[:2] == (404, "profile_not_found")


@pytest.mark.parametrize(
    "body",
    [
        {"name": "no spaces"},
        {"name": "@x"},
        {"name": ""},
        {"resource": "spaceships"},
        {"match_by": ["phone"]},
        {"column_mapping": {"nothing": "x"}},
        {"max_failed": "500%"},
        {"reading": {"delimiter": ";;"}},
        {"data": []},
        {"column_mapping": {"name": "x" * 300}},
    ],
)
def test_what_no_import_could_state_is_refused(body: JSON) -> None:
    client = PackageXClient()

    status, _, _ = refusal(client.post("/v1/import-profiles", WEEKLY | body))

    assert status == 400
    assert client.get("/v1/import-profiles").json_body["data"] == []


def test_a_name_is_taken_once() -> None:
    client = PackageXClient()
    created(client)
    client.world.now += 1

    assert refusal(client.post("/v1/import-profiles", WEEKLY))[:2] == (409, "profile_exists")


def test_a_profile_that_is_made_anew_is_another_one() -> None:
    client = PackageXClient()
    before = created(client)
    client.request("DELETE", "/v1/import-profiles/weekly")

    anew = created(client)

    assert (anew["version"], anew["id"] == before["id"]) == (1, False)
    assert refusal(client.get(f"/v1/import-profiles/{before['id']}"))[:2] == (404, "profile_not_found")
    assert client.get(f"/v1/import-profiles/{anew['id']}").json_body["data"] == anew


def test_an_action_that_is_null_is_merge_and_can_be_read_again() -> None:
    client = PackageXClient()

    made = created(client, action=None)

    assert made["options"]["action"] == "merge"
    assert client.get("/v1/import-profiles").json_body["data"] == [made]


def test_there_are_so_many_profiles_and_they_are_so_large() -> None:
    client = PackageXClient(World(Limits(profiles=1, profile_bytes=700)))
    created(client)

    another = client.post("/v1/import-profiles", WEEKLY | {"name": "daily"})
    larger = client.post("/v1/import-profiles/weekly", {"location_id": "x" * 255})

    assert refusal(another)[:2] == (409, "too_many_profiles")
    assert refusal(larger)[:2] == (400, "validation_failed")


@pytest.mark.parametrize("body", [{}, {"unset": ["nothing"]}, {"name": "other"}, {"match_by": ["phone"]}])
def test_a_bad_change_is_refused(body: JSON) -> None:
    client = PackageXClient()
    before = created(client)

    assert refusal(client.post("/v1/import-profiles/weekly", body))[0] == 400
    assert client.get("/v1/import-profiles/weekly").json_body["data"] == before


def test_an_import_copies_the_profile_that_it_names_and_says_so() -> None:
    pipeline = PipelineClient()
    profile = created(pipeline.client)
    pipeline.client.post("/v1/import-profiles/weekly", {"location_id": None})

    shown = pipeline.client.post("/v1/imports", ASYNC | {"profile": "weekly", "max_failed": 7}).json_body["data"]

    options = {name: WEEKLY[name] for name in ("column_mapping", "match_by", "merge_rules", "duplicate_handling")}
    options["reading"] = {"delimiter": ";", "decimal": "comma", "true_words": ["x"]}
    copied = {"id": profile["id"], "version": 2}
    assert shown == import_body(
        id=shown["id"],
        _upload_url=shown["_upload_url"],
        resource="customer",
        profile=copied,
        max_failed=7,
        **options,
    )


def test_a_profile_says_how_a_file_is_read() -> None:
    pipeline = PipelineClient()
    created(pipeline.client)

    done = pipeline.upload(FILE, resource="customers", profile="weekly")

    assert counted(done) == {"total": 1, "created": 1}


def test_a_profile_of_another_resource_or_none_is_refused() -> None:
    client = PackageXClient()
    created(client)

    other = client.post("/v1/imports", ASYNC | {"resource": "contact", "profile": "weekly"})
    unknown = client.post("/v1/imports", ASYNC | {"profile": "daily"})

    message = "profile: The profile 'weekly' is for customers, not contacts."
    assert refusal(other) == (400, "validation_failed", [message])
    assert refusal(unknown)[:2] == (404, "profile_not_found")


def dropped(pipeline: PipelineClient, key: str) -> Import | None:
    context = pipeline.client.world.context
    file = context.stores.files.write_file(key, FILE)
    return file_dropped(context, context.stores.files.bucket, file.key, file.version_id)


def test_a_dropped_file_names_a_profile() -> None:
    pipeline = PipelineClient()
    profile = created(pipeline.client, action="merge")

    import_ = dropped(pipeline, f"drop/{OURS}/@weekly/june.csv")

    assert import_ is not None
    done = pipeline.run_to_end(import_.import_id)
    assert (done["resource"], done["profile"]) == ("customer", {"id": profile["id"], "version": 1})
    assert counted(done) == {"total": 1, "created": 1}


def test_a_dropped_file_is_held_where_its_profile_says_so() -> None:
    pipeline = PipelineClient()
    created(pipeline.client, action="merge", hold=True)

    import_ = dropped(pipeline, f"drop/{OURS}/@weekly/june.csv")

    assert import_ is not None
    shown = pipeline.show(import_.import_id)
    assert (shown["status"], shown["held"], shown["_upload_url"]) == ("requested", True, None)
    pipeline.client.post(f"/v1/imports/{import_.import_id}", {"status": "queued"})
    assert counted(pipeline.run_to_end(import_.import_id)) == {"total": 1, "created": 1}


def test_a_dropped_file_with_an_unknown_profile_has_a_result_that_says_so() -> None:
    pipeline = PipelineClient()
    key = f"drop/{OURS}/@daily/june.csv"

    assert dropped(pipeline, key) is None

    result = orjson.loads(pipeline.client.world.stores.files.read_file(f"{key}.result.json"))
    assert result["reason"] == "profile_not_found: There is no import profile 'daily'."


def settings_body(**given: object) -> JSON:
    nothing = {"max_failed": None, "max_deleted": None, "all_or_nothing": None, "save_upload": None, "hold": None}
    return {"object": "settings", **nothing, "version": 0, "updated_by": None, "updated_at": None} | given


def test_settings_are_stated_and_stated_no_more() -> None:
    client = PackageXClient()
    assert client.get("/v1/settings").json_body == enveloped(settings_body(), "Settings retrieved.", "/v1/settings")

    client.post("/v1/settings", {"max_failed": "5%", "hold": True})
    response = client.post("/v1/settings", {"max_deleted": 100, "hold": None})

    body = settings_body(max_failed="5%", max_deleted=100, version=2, updated_by="key_test", updated_at=NOW)
    assert response.json_body == enveloped(body, "Settings updated.", "/v1/settings")
    assert client.get("/v1/settings").json_body["data"] == body


@pytest.mark.parametrize("body", [{}, {"max_failed": "500%"}, {"action": "merge"}, {"hold": "yes"}])
def test_bad_settings_are_refused(body: JSON) -> None:
    client = PackageXClient()

    assert refusal(client.post("/v1/settings", body))[0] == 400
    assert client.get("/v1/settings").json_body["data"] == settings_body()


def test_a_request_goes_before_a_profile_and_that_before_the_settings() -> None:
    client = PackageXClient()
    client.post("/v1/settings", {"max_failed": "1%", "max_deleted": 10, "save_upload": False, "hold": True})
    client.post("/v1/import-profiles", {"name": "free", "resource": "customers", "max_deleted": None, "hold": False})

    def limits(**options: object) -> tuple[object, ...]:
        shown = client.post("/v1/imports", ASYNC | options).json_body["data"]
        return shown["max_failed"], shown["max_deleted"], shown["hold"]

    assert limits() == ("1%", 10, True)
    assert limits(profile="free") == ("1%", None, False)
    assert limits(profile="free", max_failed=None, max_deleted=3, hold=True) == (None, 3, True)
    assert limits(max_failed=None, hold=None) == (None, 10, False)


def test_settings_hold_no_import_that_brings_its_rows() -> None:
    pipeline = PipelineClient()
    pipeline.client.post("/v1/settings", {"hold": True})

    shown = pipeline.run(upload_mode="sync", data=[{"name": "Ann", "email": "ann@example.com"}])

    assert (shown["status"], shown["hold"]) == ("completed", False)


def test_the_tenants_do_not_see_each_other() -> None:
    client = PackageXClient()
    created(client)
    client.post("/v1/settings", {"hold": True})
    foreign = client.world.key("px_foreign", tenant_id=THEIRS)
    headers = {"PX-API-KEY": foreign}

    assert client.request("GET", "/v1/import-profiles", headers=headers).json_body["data"] == []
    assert client.request("GET", "/v1/import-profiles/weekly", headers=headers).status_code == 404
    assert client.request("GET", "/v1/settings", headers=headers).json_body["data"] == settings_body()


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/v1/import-profiles", Scope.PROFILES_READ),
        ("POST", "/v1/import-profiles", Scope.PROFILES_WRITE),
        ("GET", "/v1/settings", Scope.SETTINGS_READ),
        ("POST", "/v1/settings", Scope.SETTINGS_WRITE),
    ],
)
def test_each_route_has_its_scope(method: str, path: str, scope: Scope) -> None:
    client = PackageXClient()
    every_other = frozenset(Scope) - {scope}
    client.world.stores.keys.add(
        ApiKey(digest=digest_of("px_less"), tenant_id=OURS, scopes=every_other, key_id="key_less")
    )

    response = client.request(
        method,
        path,
        headers={"PX-API-KEY": "px_less", "Content-Type": "application/json"},
        body=b"{}" if method == "POST" else b"",
    )

    assert response.status_code == 403
