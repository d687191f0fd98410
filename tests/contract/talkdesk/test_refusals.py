"""What is refused, and how it is told: whole bodies."""

import pytest

from chalicelib.model.api_keys import KeyKind, Scope
from chalicelib.model.limits import Limits
from tests.contract.talkdesk.clients import CREATE, TalkdeskClient

DOCUMENTS = "application/hal+json or application/prs.hal-forms+json or application/json"
TOKEN_HINT = "Get a token at POST /oauth/token and send it as Authorization: Bearer."


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        pytest.param("?page=0", [("page", "Input should be greater than or equal to 1.")], id="page 0"),
        pytest.param("?per_page=101", [("per_page", "Input should be less than or equal to 100.")], id="per_page"),
        pytest.param(
            "?page=x&per_page=0",
            [
                ("page", "Input should be a valid integer, unable to parse string as an integer."),
                ("per_page", "Input should be greater than or equal to 1."),
            ],
            id="two",
        ),
        pytest.param("?order=up", [("order", "Unknown parameter.")], id="unknown"),
        pytest.param("?page=1&page=2", [("page", "Given more than once.")], id="twice"),
    ],
)
def test_a_bad_query_names_every_field(query: str, fields: list[tuple[str, str]]) -> None:
    response = TalkdeskClient().get(query)

    assert (response.status_code, response.json_body["code"]) == (400, "invalid_parameter")
    assert response.json_body["fields"] == [{"name": name, "description": text} for name, text in fields]
    assert set(response.json_body) == {"code", "message", "fields"}


def test_without_a_token() -> None:
    response = TalkdeskClient().get(Authorization="")

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.json_body == {
        "code": "unauthorized",
        "message": "An API key is required.",
        "description": TOKEN_HINT,
        "fields": [],
    }


def test_with_a_token_that_has_expired() -> None:
    client = TalkdeskClient()
    client.world.now += 3600

    response = client.get()

    assert response.status_code == 401
    assert response.json_body == {
        "code": "expired_token",
        "message": "The token has expired.",
        "description": TOKEN_HINT,
        "fields": [],
    }


def test_a_client_s_secret_is_no_token() -> None:
    client = TalkdeskClient()

    response = client.get(Authorization=f"Bearer {client.secret}")

    assert (response.status_code, response.json_body["code"]) == (403, "invalid_token")


@pytest.mark.parametrize(
    ("authorization", "message"),
    [
        pytest.param("Bearer tdt_nobody", "The token is not known.", id="unknown token"),
        pytest.param("Bearer px_secret", "The API key is not known.", id="no token"),
        pytest.param("Bearer", "The header Authorization holds no bearer token.", id="empty token"),
        pytest.param("Basic YTpi", "The header Authorization holds no bearer token.", id="another scheme"),
    ],
)
def test_an_invalid_authorization_is_the_documented_403(authorization: str, message: str) -> None:
    response = TalkdeskClient().get(Authorization=authorization)

    assert response.status_code == 403
    assert response.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert response.json_body == {
        "code": "invalid_token",
        "message": message,
        "description": TOKEN_HINT,
        "fields": [],
    }


def test_a_token_ends_with_its_client() -> None:
    client = TalkdeskClient()

    client.world.stores.keys.revoke(client.world.caller().tenant_id, client.client_id, at=client.world.now)

    response = client.get()
    assert (response.status_code, response.json_body["code"]) == (403, "invalid_token")


def test_a_token_without_the_scope() -> None:
    client = TalkdeskClient()
    client.token = client.get_token(scope="bulk-imports:read").json_body["access_token"]

    response = client.post({"type": "CREATE_USERS"})

    assert response.status_code == 403
    assert response.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope", scope="bulk-imports:write"'
    assert response.json_body == {
        "code": "insufficient_scope",
        "message": "The token lacks the scope bulk-imports:write.",
        "fields": [],
    }
    assert client.get().status_code == 200


def test_an_unknown_import() -> None:
    response = TalkdeskClient().get("/imp_unknown")

    assert response.status_code == 404
    assert response.json_body == {
        "code": "not_found",
        "message": "There is no import 'imp_unknown'.",
        "description": "Imports are shown for 20 days.",
        "fields": [],
    }


@pytest.mark.parametrize(
    "path", ["/bulk-imports", "/bulk-imports/calls", "/bulk-imports/users/imp_1/rows", "/oauth", "/oauth/authorize"]
)
def test_an_unknown_path(path: str) -> None:
    response = TalkdeskClient().get(path, Authorization="")

    assert (response.status_code, response.json_body) == (
        404,
        {"code": "not_found", "message": "There is nothing at this path.", "fields": []},
    )


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/bulk-imports/users", "POST, GET, HEAD"),
        ("POST", "/bulk-imports/users/imp_1", "GET, HEAD, PATCH, PUT"),
        ("POST", "/bulk-imports/users/template", "GET, HEAD"),
        ("GET", "/oauth/token", "POST"),
    ],
)
def test_a_method_that_a_path_does_not_take(method: str, path: str, allowed: str) -> None:
    response = TalkdeskClient().request(method, path)

    assert (response.status_code, response.headers["Allow"]) == (405, allowed)
    assert response.json_body == {
        "code": "method_not_allowed",
        "message": f"This path takes {allowed.replace(', ', ' and ')} only.",
        "fields": [],
    }


@pytest.mark.parametrize(
    ("path", "accept", "offered"),
    [
        ("", "application/xml", DOCUMENTS),
        ("/imp_1/records", "text/csv", DOCUMENTS),
        ("/template?type=CREATE_USERS", "application/json", "text/csv"),
    ],
)
def test_an_answer_in_a_type_that_is_not_offered(path: str, accept: str, offered: str) -> None:
    response = TalkdeskClient().get(path, Accept=accept)

    message = f"This path answers {offered} only."
    assert response.status_code == 406
    assert response.json_body == {
        "code": "not_acceptable",
        "message": message,
        "fields": [{"name": "Accept", "description": message}],
    }


def test_a_body_of_another_type() -> None:
    response = TalkdeskClient().request("POST", "", b"<users/>", Content_Type="application/xml; charset=utf-8")

    message = "Send application/json, multipart/form-data or text/csv, not application/xml."
    assert response.status_code == 415
    assert response.json_body == {
        "code": "unsupported_media_type",
        "message": message,
        "fields": [{"name": "Content-Type", "description": message}],
    }


@pytest.mark.parametrize("body", [b"{", b"", b"[]", b"NaN", b"\xff"])
def test_a_body_that_is_no_json_object(body: bytes) -> None:
    response = TalkdeskClient().request("POST", "", body, Content_Type="application/json")

    assert (response.status_code, response.json_body["code"]) == (400, "malformed_body")


@pytest.mark.parametrize(
    ("body", "names"),
    [
        pytest.param({}, ["type"], id="nothing"),
        pytest.param({"type": "MERGE_USERS"}, ["type"], id="another type"),
        pytest.param({"type": "CREATE_USERS", "users": []}, ["users"], id="unknown"),
        pytest.param({"type": "CREATE_USERS", "filename": "a\nb"}, ["filename"], id="control character"),
        pytest.param(
            {"type": "CREATE_USERS", "csv_metadata": {"byte_size": 0, "checksum": "abc"}},
            ["csv_metadata.byte_size", "csv_metadata.checksum"],
            id="metadata",
        ),
        pytest.param(
            {
                "type": "CREATE_USERS",
                "csv_metadata": {"byte_size": 1, "checksum": "0" * 32, "content_type": "image/png"},
            },
            ["csv_metadata.content_type"],
            id="no CSV",
        ),
    ],
)
def test_a_bad_creation_names_every_field(body: object, names: list[str]) -> None:
    response = TalkdeskClient().post(body)

    assert response.status_code == 400
    assert [field["name"] for field in response.json_body["fields"]] == names


@pytest.mark.parametrize("body", [{}, {"status": "PAUSED"}, {"status": "CANCELED", "name": "x"}])
def test_a_change_that_is_no_cancel(body: object) -> None:
    client = TalkdeskClient()
    import_id = client.started(CREATE)

    response = client.request("PATCH", f"/{import_id}", body)

    assert (response.status_code, response.json_body["code"]) == (400, "invalid_parameter")


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        pytest.param([("name=type", b"CREATE_USERS")], "file", id="no file"),
        pytest.param([("name=file; filename=a.csv", CREATE.encode())], "type", id="no type"),
        pytest.param([("name=type", b"CREATE_USERS"), ("name=file", CREATE.encode())], "file", id="file as a field"),
        pytest.param([("name=csv; filename=a.csv", b"x")], "csv", id="another name"),
    ],
)
def test_a_bad_form_names_the_field(parts: list[tuple[str, bytes]], name: str) -> None:
    response = TalkdeskClient().post_form_data(*parts)

    assert response.status_code == 400
    assert [field["name"] for field in response.json_body["fields"]] == [name]


def test_a_form_that_is_none() -> None:
    response = TalkdeskClient().request("POST", "", b"--", Content_Type="multipart/form-data")

    assert (response.status_code, response.json_body) == (
        400,
        {
            "code": "malformed_body",
            "message": "The body is no multipart/form-data with the boundary it names.",
            "fields": [],
        },
    )


def test_text_that_is_not_utf_8_is_refused_with_other_ways() -> None:
    path, content = "?type=CREATE_USERS", (CREATE + "Zo\ufffd,zoe@example.com,,,,\n").encode()

    response = TalkdeskClient().request("POST", path, content, Content_Type="text/csv")

    assert (response.status_code, response.json_body) == (
        400,
        {
            "code": "malformed_body",
            "message": "The body is not UTF-8. Send it as multipart/form-data, or ask for a signed URL with JSON.",
            "fields": [],
        },
    )


def test_a_file_that_is_too_large_for_a_request() -> None:
    client = TalkdeskClient(Limits(inline_upload_bytes=100))

    response = client.post_text(CREATE + "Ann,ann@example.com,,,,\n")

    advice = "Ask for a signed URL: POST the type and filename as JSON, and PUT the file to _links.upload.href."
    message = f"The source has 103 bytes, the limit is 100. {advice}"
    assert response.status_code == 413
    assert response.json_body == {
        "code": "payload_too_large",
        "message": message,
        "fields": [{"name": "file", "description": message}],
    }


def test_a_file_that_is_too_large_for_an_upload() -> None:
    said = {"byte_size": 11, "checksum": "0" * 32}

    response = TalkdeskClient(Limits(upload_bytes=10)).post({"type": "CREATE_USERS", "csv_metadata": said})

    assert (response.status_code, response.json_body["code"]) == (413, "payload_too_large")


def test_an_empty_file() -> None:
    response = TalkdeskClient().post_text(" \n")

    assert (response.status_code, response.json_body["code"]) == (400, "invalid_file")


def test_all_tokens_of_a_client_share_its_rate_limit() -> None:
    client = TalkdeskClient(Limits(talkdesk_client_requests=3))
    first = client.get()
    client.token = client.get_token().json_body["access_token"]

    response = client.get()

    assert (first.status_code, first.headers["X-RateLimit-Remaining"]) == (200, "1")
    assert (response.status_code, response.json_body["code"]) == (429, "rate_limit_exceeded")
    assert response.headers["Retry-After"] == "40"
    assert client.get_token().status_code == 429


def test_a_key_of_another_dialect_opens_what_its_scopes_say() -> None:
    client = TalkdeskClient()
    client.world.key("sk_live_1", kind=KeyKind.SK_LIVE, scopes=frozenset({Scope.IMPORTS_READ}))
    client.world.key("pk_live_1", kind=KeyKind.PK_LIVE)

    assert client.get(Authorization="Bearer sk_live_1").status_code == 200
    assert client.post({"type": "CREATE_USERS"}, Authorization="Bearer sk_live_1").status_code == 403
    assert client.get(Authorization="Bearer pk_live_1").status_code == 403
