"""The list of imports, one import, its records, a cancel, the templates: whole bodies, as the document has them."""

import pytest

from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Action, Status
from tests.contract.packagex.clients import PackageXClient
from tests.contract.talkdesk.clients import AT, CREATE, UPDATE, USERS, TalkdeskClient, import_body
from tests.world import NOW, OURS, THEIRS

DAY_S = 24 * 3600


def test_the_list_of_no_imports() -> None:
    response = TalkdeskClient().get()

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/hal+json"
    assert response.json_body == {
        "count": 0,
        "total": 0,
        "page": 1,
        "per_page": 20,
        "_embedded": {"imports": []},
        "_links": {
            "self": {"href": USERS},
            "first": {"href": f"{USERS}?page=1"},
            "last": {"href": f"{USERS}?page=1"},
        },
    }


def test_a_page_of_the_list_has_its_neighbours() -> None:
    client = TalkdeskClient()
    ids = [client.started(CREATE) for _ in range(3)]

    body = client.get("?page=2&per_page=1").json_body

    newest_first = sorted(ids, reverse=True)
    assert body == {
        "count": 1,
        "total": 3,
        "page": 2,
        "per_page": 1,
        "_embedded": {"imports": [import_body(client, newest_first[1])]},
        "_links": {
            "self": {"href": f"{USERS}?page=2&per_page=1"},
            "first": {"href": f"{USERS}?page=1&per_page=1"},
            "last": {"href": f"{USERS}?page=3&per_page=1"},
            "next": {"href": f"{USERS}?page=3&per_page=1"},
            "prev": {"href": f"{USERS}?page=1&per_page=1"},
        },
    }


def test_a_page_beyond_the_last_is_empty_and_leads_back() -> None:
    client = TalkdeskClient()
    client.started(CREATE)

    body = client.get("?page=9").json_body

    assert (body["count"], body["total"], body["_embedded"]) == (0, 1, {"imports": []})
    assert body["_links"]["prev"] == {"href": f"{USERS}?page=1"}
    assert "next" not in body["_links"]


def test_imports_are_listed_for_20_days() -> None:
    client = TalkdeskClient()
    for import_id, days in (("imp_young", 19), ("imp_old", 20)):
        client.world.add_import(import_id=import_id, resource="users", created_at=NOW - days * DAY_S)

    listed = [one["id"] for one in client.get().json_body["_embedded"]["imports"]]

    assert listed == ["imp_young"]
    assert [client.get(f"/{one}").status_code for one in ("imp_young", "imp_old")] == [200, 404]
    assert client.get("/imp_old/records").status_code == 404
    assert client.request("PATCH", "/imp_old", {"status": "CANCELED"}).status_code == 404


def test_imports_of_other_resources_are_not_found() -> None:
    client = TalkdeskClient()
    client.world.add_import(import_id="imp_contacts", resource="contacts")

    assert client.get().json_body["total"] == 0
    assert client.get("/imp_contacts").status_code == 404


@pytest.mark.parametrize("action", [Action.MERGE, Action.OVERWRITE])
def test_imports_of_users_through_other_dialects_are_found(action: Action) -> None:
    client = TalkdeskClient()
    client.world.add_import(Status.COMPLETED, "imp_1", resource="users", action=action, dialect="packagex")

    listed = client.get().json_body["_embedded"]["imports"]

    assert [(one["id"], one["type"], one["status"]) for one in listed] == [("imp_1", "UPDATE_USERS", "COMPLETED")]


def test_an_import_made_here_is_listed_by_packagex_with_what_became_of_it() -> None:
    client = TalkdeskClient()
    client.ran(CREATE + "Ann,ann@example.com,,,,\nBob,bob@,,,,\n")

    listed = PackageXClient(client.world).get("/v1/imports").json_body["data"][0]

    assert (listed["resource"], listed["action"], listed["status"]) == ("user", "create", "completed")
    assert (listed["stats"]["created"], listed["stats"]["failed"]) == (1, 1)


def test_nothing_of_another_tenant_is_seen() -> None:
    ours = TalkdeskClient()
    import_id = ours.started(CREATE)
    stranger = TalkdeskClient(world=ours.world, tenant_id=THEIRS)

    assert stranger.get().json_body["total"] == 0
    assert stranger.get(f"/{import_id}").status_code == 404
    assert stranger.get(f"/{import_id}/records").status_code == 404
    assert stranger.request("PATCH", f"/{import_id}", {"status": "CANCELED"}).status_code == 404
    assert ours.find(import_id).status is Status.QUEUED


def test_every_record_is_told_with_what_became_of_it() -> None:
    client = TalkdeskClient()
    row = {"Ring Groups": "", "Agent Activation": "", "Internal Extension": "", "External Phone": ""}
    import_id = client.ran(
        CREATE + "Ann,ann@example.com,,,,\nBob,bob@,,,,\nAnna,ann@example.com,,,,\n,cy@example.com,,,,\n"
    )

    body = client.get(f"/{import_id}/records").json_body

    user = client.world.stores.records.list_records(OURS, "users", limit=1, cursor=None).records[0]
    no_mail = "'email' must be a valid email address, not 'bob@'."
    copy = "Another row of the source has the same email: row 1."
    records = f"{USERS}/{import_id}/records"
    assert body == {
        "count": 4,
        "total": 4,
        "page": 1,
        "per_page": 20,
        "_embedded": {
            "records": [
                {
                    "row_number": 1,
                    "status": "COMPLETED",
                    "user_id": user.record_id,
                    "errors": [],
                    "data": {"Full Name": "Ann", "Email": "ann@example.com"} | row,
                },
                {
                    "row_number": 2,
                    "status": "FAILED",
                    "user_id": None,
                    "errors": [{"field": "Email", "code": "invalid_email", "message": no_mail}],
                    "data": {"Full Name": "Bob", "Email": "bob@"} | row,
                },
                {
                    "row_number": 3,
                    "status": "FAILED",
                    "user_id": None,
                    "errors": [{"field": "Email", "code": "duplicate_in_source", "message": copy}],
                    "data": {"Full Name": "Anna", "Email": "ann@example.com"} | row,
                },
                {
                    "row_number": 4,
                    "status": "FAILED",
                    "user_id": None,
                    "errors": [{"field": "Full Name", "code": "required", "message": "'full_name' is required."}],
                    "data": {"Full Name": "", "Email": "cy@example.com"} | row,
                },
            ]
        },
        "_links": {
            "self": {"href": records},
            "first": {"href": f"{records}?page=1"},
            "last": {"href": f"{records}?page=1"},
        },
    }


def test_a_user_that_exists_is_not_created_again() -> None:
    client = TalkdeskClient()
    client.ran(CREATE + "Ann,ann@example.com,,,,\n")

    import_id = client.ran(CREATE + "Ann B,Ann@Example.com,,,,\nBob,bob@example.com,,,,\n")

    assert [[error["code"] for error in one["errors"]] for one in client.records(import_id)] == [["already_exists"], []]
    assert [user["full_name"] for user in client.users()] == ["Ann", "Bob"]


def test_an_update_without_the_address_so_far_fails() -> None:
    client = TalkdeskClient()
    client.ran(CREATE + "Ann,ann@example.com,,,,\n")

    import_id = client.ran(UPDATE + ",Anna,ann@example.com,,,,\nbob@example.com,Bob,,,,,\n", "UPDATE_USERS")

    errors = [[(error["field"], error["code"]) for error in one["errors"]] for one in client.records(import_id)]
    assert errors == [[("Current Email", "required")], [(None, "not_found")]]
    assert [user["full_name"] for user in client.users()] == ["Ann"]


def test_records_are_filtered_by_status_and_paged() -> None:
    client = TalkdeskClient()
    bad = "".join(f"N{n},wrong,,,,\n" for n in range(3))
    import_id = client.ran(CREATE + "Ann,ann@example.com,,,,\n" + bad)

    body = client.get(f"/{import_id}/records?status=FAILED&page=2&per_page=2").json_body

    assert (body["count"], body["total"]) == (1, 3)
    assert [one["row_number"] for one in body["_embedded"]["records"]] == [4]
    assert body["_links"]["prev"] == {"href": f"{USERS}/{import_id}/records?status=FAILED&page=1&per_page=2"}
    assert [one["row_number"] for one in client.records(import_id, "?status=COMPLETED")] == [1]
    assert client.records(import_id, "?status=PENDING") == client.records(import_id, "?status=SKIPPED") == []


def test_an_import_that_has_not_begun_has_no_records_yet() -> None:
    client = TalkdeskClient()

    assert client.records(client.started(CREATE + "Ann,ann@example.com,,,,\n")) == []


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_a_waiting_import_is_canceled(method: str) -> None:
    client = TalkdeskClient()
    import_id = client.post({"type": "CREATE_USERS", "filename": "users.csv"}).json_body["id"]
    client.world.now += 60

    response = client.request(method, f"/{import_id}", {"status": "CANCELED"})

    at = "2023-11-14T22:14:20Z"
    expected = import_body(
        client,
        import_id,
        status="CANCELED",
        updated_at=at,
        canceled_by=client.client_id,
        canceled_at=at,
        reason="canceled",
    )
    assert (response.status_code, response.json_body | {"_links": expected["_links"]}) == (200, expected)
    assert client.show(import_id) == expected


def test_a_running_import_is_canceled_and_its_rows_are_skipped() -> None:
    client = TalkdeskClient()
    import_id = client.started(CREATE + "Ann,ann@example.com,,,,\n")

    response = client.request("PATCH", f"/{import_id}", {"status": "CANCELED"})
    client.run_to_end(import_id)

    body = client.show(import_id)
    assert (response.json_body["status"], body["status"]) == ("CANCELED", "CANCELED")
    assert (body["canceled_by"], body["canceled_at"]) == (client.client_id, AT)
    assert client.users() == []


def test_what_has_ended_is_not_canceled() -> None:
    client = TalkdeskClient()
    import_id = client.ran(CREATE)

    response = client.request("PATCH", f"/{import_id}", {"status": "CANCELED"})

    message = "The import has ended already: completed."
    assert (response.status_code, response.json_body) == (
        409,
        {"code": "conflict", "message": message, "fields": []},
    )


@pytest.mark.parametrize(
    ("type_", "line"),
    [
        ("CREATE_USERS", "Full Name,Email,Ring Groups,Agent Activation,Internal Extension,External Phone"),
        (
            "UPDATE_USERS",
            "Current Email,Full Name,Email,Ring Groups,Agent Activation,Internal Extension,External Phone",
        ),
        ("DELETE_USERS", "Current Email"),
    ],
)
def test_a_template_is_a_header_line_that_is_taken(type_: str, line: str) -> None:
    client = TalkdeskClient()

    response = client.get(f"/template?type={type_}", Accept="text/csv")

    assert (response.status_code, response.body.decode()) == (200, f"{line}\r\n")
    assert response.headers["Content-Type"] == "text/csv"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{type_.lower()}.csv"'
    assert client.post_text(response.body.decode(), type_).status_code == 201


def test_whoever_names_plain_json_gets_it() -> None:
    assert TalkdeskClient().get(Accept="application/json").headers["Content-Type"] == "application/json"


def test_an_import_is_found_by_its_own_id_only() -> None:
    client = TalkdeskClient()
    client.world.add_import(import_id=ImportId("imp_1"), resource="users")

    assert client.get("/imp_1").status_code == 200
    assert client.get("/imp_2").status_code == client.get("/no%20id").status_code == 404
