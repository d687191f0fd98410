"""`POST /bulk-imports/users` in three ways: whole answers, and what is stored in the end."""

from hashlib import md5

import pytest

from chalicelib.model.limits import Limits
from tests.contract.talkdesk.clients import CREATE, DELETE, UPDATE, TalkdeskClient, import_body

ANN = 'Ann Lee,ann@example.com,"agent,sales",false,4711,+15551234567\n'


def test_json_is_answered_with_a_signed_url_that_fits_the_file() -> None:
    client = TalkdeskClient()
    said = {"byte_size": 93, "checksum": "9E107D9D372BB6826BD81D3542A419D6", "content_type": "text/csv"}

    response = client.post({"type": "CREATE_USERS", "filename": "users.csv", "csv_metadata": said})

    body = response.json_body
    upload = body["_links"].pop("upload")["href"]
    assert response.status_code == 201
    assert response.headers["Content-Type"] == "application/hal+json"
    assert response.headers["Location"] == body["_links"]["self"]["href"]
    assert body == import_body(client, body["id"], upload_expires_at="2023-11-14T23:13:20Z")
    assert upload.startswith(f"memory://PUT/uploads/11111111-1111-4111-8111-111111111111/{body['id']}/source?")
    assert upload.endswith("&content_type=text%2Fcsv&size_bytes=93")


def test_a_file_that_arrives_as_announced_is_imported() -> None:
    client = TalkdeskClient()
    content = (CREATE + ANN).encode()
    said = {"byte_size": len(content), "checksum": md5(content, usedforsecurity=False).hexdigest()}
    import_id = client.post({"type": "CREATE_USERS", "csv_metadata": said}).json_body["id"]

    client.upload(import_id, content)
    client.run_to_end(import_id)

    assert client.show(import_id) == import_body(
        client, import_id, filename="", status="COMPLETED", total_records=1, completed_records=1
    )
    assert client.users() == [
        {
            "full_name": "Ann Lee",
            "email": "ann@example.com",
            "ring_groups": ["agent", "sales"],
            "active": False,
            "internal_extension": 4711,
            "external_phone": "+15551234567",
        }
    ]


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        pytest.param({"byte_size": 9, "checksum": "0" * 32}, "size_differs", id="another size"),
        pytest.param({"byte_size": len(CREATE), "checksum": "0" * 32}, "checksum_differs", id="another checksum"),
    ],
)
def test_a_file_that_is_not_the_one_announced_fails(metadata: dict[str, object], reason: str) -> None:
    client = TalkdeskClient()
    import_id = client.post({"type": "CREATE_USERS", "csv_metadata": metadata}).json_body["id"]

    client.upload(import_id, CREATE.encode())

    body = client.show(import_id)
    assert (body["status"], body["reason"].partition(":")[0]) == ("FAILED", reason)


def test_a_file_with_another_header_fails_as_a_whole() -> None:
    client = TalkdeskClient()
    import_id = client.post({"type": "CREATE_USERS"}).json_body["id"]

    client.upload(import_id, CREATE.lower().encode() + ANN.encode())
    client.run_to_end(import_id)

    body = client.show(import_id)
    assert (body["status"], body["total_records"], client.users()) == ("FAILED", 0, [])
    assert body["reason"].startswith("header_differs: The header line must be exactly Full Name,Email,")


def test_a_file_with_more_rows_than_allowed_fails_as_a_whole() -> None:
    client = TalkdeskClient(Limits(talkdesk_import_rows=2, small_source_bytes=10, split_bytes=20))
    import_id = client.post({"type": "DELETE_USERS"}).json_body["id"]

    client.upload(import_id, (DELETE + "a@example.com\n" * 3).encode())
    client.run_to_end(import_id)

    body = client.show(import_id)
    assert (body["status"], body["reason"]) == ("FAILED", "too_many_rows: The file has more than 2 rows. Split it.")


def test_text_starts_at_once() -> None:
    client = TalkdeskClient()

    response = client.post_text(CREATE + ANN)

    import_id = response.json_body["id"]
    assert response.status_code == 201
    assert response.json_body == import_body(client, import_id)
    assert client.world.started == [f"{import_id}-1"]


def test_a_form_starts_at_once() -> None:
    client = TalkdeskClient()
    content = (CREATE + "Zoë,zoe@example.com,,,,\n").encode()

    response = client.post_form_data(("name=type", b"CREATE_USERS"), ('name="file"; filename="zoë.csv"', content))

    import_id = response.json_body["id"]
    client.run_to_end(import_id)
    assert (response.status_code, response.json_body) == (201, import_body(client, import_id, filename="zoë.csv"))
    assert [user["full_name"] for user in client.users()] == ["Zoë"]


def test_a_form_may_bring_a_file_in_another_encoding() -> None:
    client = TalkdeskClient()
    content = (CREATE + "Zoë Müller,zoe@example.com,,,,\n").encode("utf-16")

    response = client.post_form_data(("name=type", b"CREATE_USERS"), ('name="file"; filename="u.csv"', content))

    client.run_to_end(response.json_body["id"])
    assert [user["full_name"] for user in client.users()] == ["Zoë Müller"]


def test_what_a_row_leaves_out_has_defaults() -> None:
    client = TalkdeskClient()

    client.ran(CREATE + "Bob,bob@example.com,,,,\n")

    assert client.users() == [
        {"full_name": "Bob", "email": "bob@example.com", "ring_groups": ["agent"], "active": True}
    ]


def test_an_update_changes_only_what_is_filled_in() -> None:
    client = TalkdeskClient()
    client.ran(CREATE + ANN)

    import_id = client.ran(UPDATE + "ANN@example.com,,ann.lee@example.com,,true,,\n", "UPDATE_USERS")

    user = client.users()[0]
    assert client.show(import_id)["status"] == "COMPLETED"
    assert (user["email"], user["full_name"], user["active"]) == ("ann.lee@example.com", "Ann Lee", True)
    assert user["ring_groups"] == ["agent", "sales"]


def test_a_delete_removes_the_users_it_names() -> None:
    client = TalkdeskClient()
    client.ran(CREATE + ANN + "Bob,bob@example.com,,,,\n")

    import_id = client.ran(DELETE + "ann@example.com\nnobody@example.com\n", "DELETE_USERS")

    body = client.show(import_id)
    assert (body["status"], body["completed_records"], body["failed_records"]) == ("COMPLETED_WITH_ERRORS", 1, 1)
    assert [user["email"] for user in client.users()] == ["bob@example.com"]


def test_exactly_as_many_rows_as_allowed_are_taken() -> None:
    client = TalkdeskClient(Limits(talkdesk_import_rows=3))
    rows = "".join(f"N{n},n{n}@example.com,,,,\n" for n in range(3))

    assert client.post_text(CREATE + rows).status_code == 201
    assert client.post_text(CREATE + rows + "N,n@example.com,,,,\n").json_body == {
        "code": "invalid_file",
        "message": "The file has more than 3 rows. Split it.",
        "fields": [{"name": "file", "description": "The file has more than 3 rows. Split it."}],
    }


@pytest.mark.parametrize(
    ("content", "type_"),
    [
        pytest.param(CREATE.upper(), "CREATE_USERS", id="another case"),
        pytest.param("Full Name,Email\nAnn,ann@example.com\n", "CREATE_USERS", id="fewer columns"),
        pytest.param(CREATE.strip() + ",Role\n", "CREATE_USERS", id="more columns"),
        pytest.param(
            "Email,Full Name,Ring Groups,Agent Activation,Internal Extension,External Phone\n",
            "CREATE_USERS",
            id="another order",
        ),
        pytest.param(CREATE.replace(",", ";"), "CREATE_USERS", id="semicolons"),
        pytest.param(CREATE.replace(",", "\t"), "CREATE_USERS", id="tabs"),
        pytest.param(CREATE, "UPDATE_USERS", id="the template of another type"),
        pytest.param('[{"Full Name": "Ann"}]', "CREATE_USERS", id="JSON"),
    ],
)
def test_only_the_template_s_own_header_is_taken(content: str, type_: str) -> None:
    client = TalkdeskClient()

    response = client.post_text(content, type_)

    assert (response.status_code, response.json_body["code"]) == (400, "invalid_file")
    assert response.json_body["fields"][0]["name"] == "file"
    assert client.get().json_body["total"] == 0


def test_a_byte_order_mark_is_no_part_of_the_header() -> None:
    assert TalkdeskClient().post_text("\ufeff" + CREATE).status_code == 201
