"""Keys, teams, parameters, paths, methods and failures: cStar's envelope for everything that goes wrong."""

import logging
from dataclasses import replace

import pytest

from chalicelib.errors import Fatal, Refused, Retryable
from chalicelib.model.api_keys import KeyKind, Scope
from chalicelib.model.ids import sibling_of
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from tests.contract.cstar.clients import JSON, CStarClient, refused
from tests.import_runner import InterruptedRunner
from tests.world import NOW, OURS, THEIRS

AUTHENTICATION = "https://www.cstar.help/developers/api-reference#authentication"
ERRORS = "https://www.cstar.help/developers/errors"
IMPORT = {"resource": "customers", "records": [{"name": "Jane"}]}


def an_error(type_: str, code: str, message: str, doc_url: str = ERRORS, **given: str) -> JSON:
    return {"type": type_, "code": code, "message": message, "doc_url": doc_url} | given


def test_the_documented_401_comes_without_a_key() -> None:
    response = CStarClient().get("/import", key="")

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.json_body == {
        "success": False,
        "error": {
            "type": "authentication_error",
            "code": "authentication_required",
            "message": "Invalid or expired API key",
            "doc_url": AUTHENTICATION,
            "request_id": f"req_{response.headers['X-Request-Id']}",
        },
        "meta": {"timestamp": "2023-11-14T22:13:20Z"},
    }


@pytest.mark.parametrize("secret", ["sk_live_nobody", "sk_live_revoked", "sk_live_expired"])
def test_a_bad_key_is_refused_with_the_documented_code(secret: str) -> None:
    client = CStarClient()
    client.key(KeyKind.SK_LIVE, "sk_live_revoked", revoked_at=NOW)
    client.key(KeyKind.SK_LIVE, "sk_live_expired", expires_at=NOW)

    response = client.get("/import", key=secret)

    assert response.status_code == 401
    message = "Invalid or expired API key"
    assert refused(response) == an_error("authentication_error", "authentication_required", message, AUTHENTICATION)


@pytest.mark.parametrize("kind", [KeyKind.PX, KeyKind.KSR_ADMIN])
def test_keys_of_other_dialects_are_told_how_a_key_begins(kind: KeyKind) -> None:
    client = CStarClient()

    response = client.get("/import", key=client.secrets[kind])

    message = "An API key begins with one of sk_live_, sk_test_, pk_live_, pk_test_."
    assert response.status_code == 401
    assert refused(response) == an_error("authentication_error", "authentication_required", message, AUTHENTICATION)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        pytest.param("POST", "/import", IMPORT, id="import"),
        pytest.param("GET", "/import", b"", id="logs"),
        pytest.param("POST", "/export", {"resources": [{"type": "customers"}]}, id="export"),
        pytest.param("GET", "/export?type=customers", b"", id="export by query"),
    ],
)
@pytest.mark.parametrize("kind", [KeyKind.PK_LIVE, KeyKind.PK_TEST])
def test_the_documented_403_comes_for_a_publishable_key(kind: KeyKind, method: str, path: str, body: object) -> None:
    client = CStarClient()

    response = client.request(method, path, body, key=client.secrets[kind])

    message = "Secret key required for this endpoint"
    assert response.status_code == 403
    assert refused(response) == an_error("authorization_error", "insufficient_permissions", message, AUTHENTICATION)


def test_a_secret_key_with_fewer_scopes_is_refused_what_it_lacks() -> None:
    client = CStarClient()
    client.key(KeyKind.SK_LIVE, "sk_live_reader", scopes=frozenset({Scope.IMPORTS_READ}))

    response = client.post("/import", IMPORT, key="sk_live_reader")

    message = "The API key lacks the scope imports:write."
    assert response.status_code == 403
    assert refused(response) == an_error("authorization_error", "insufficient_permissions", message, AUTHENTICATION)


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/import"), ("GET", "/import"), ("POST", "/export"), ("GET", "/export")]
)
@pytest.mark.parametrize("team", [THEIRS, sibling_of(OURS), "no-team"])
def test_a_key_opens_no_team_but_its_own(method: str, path: str, team: str) -> None:
    response = CStarClient().request(method, f"/api/v1/teams/{team}{path}", b"{}")

    message = "The API key does not belong to this team."
    assert response.status_code == 403
    assert refused(response) == an_error("authorization_error", "insufficient_permissions", message, AUTHENTICATION)


def test_a_team_is_the_same_in_any_case() -> None:
    assert CStarClient().get(f"/api/v1/teams/{OURS.upper()}/import").status_code == 200


def test_the_documented_429_comes_for_one_request_too_many() -> None:
    client = CStarClient(replace(DEFAULT_LIMITS, cstar_secret_key_requests=2))
    client.world.now = NOW - NOW % 3600 + 3540

    answers = [client.get("/import") for _ in range(3)]

    first, _, last = answers
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert last.json_body["error"] == {
        "type": "rate_limit_error",
        "code": "rate_limit_exceeded",
        "message": "Rate limit exceeded. Try again in 60 seconds",
        "doc_url": "https://www.cstar.help/developers/api-reference#rate-limiting",
        "request_id": f"req_{last.headers['X-Request-Id']}",
        "retryAfter": 60,
    }
    assert last.headers["Retry-After"] == "60"
    assert {name: first.headers[f"X-RateLimit-{name}"] for name in ("Limit", "Remaining", "Reset", "Window")} == {
        "Limit": "2",
        "Remaining": "1",
        "Reset": str(client.world.now + 60),
        "Window": "3600",
    }


def test_each_key_has_a_rate_limit_of_its_own() -> None:
    client = CStarClient(replace(DEFAULT_LIMITS, cstar_publishable_key_requests=1))
    keys = [client.secrets[kind] for kind in (KeyKind.PK_LIVE, KeyKind.PK_TEST, KeyKind.SK_LIVE)]

    statuses = [[client.get("/import", key=key).status_code for key in keys] for _ in range(2)]

    assert statuses == [[403, 403, 200], [429, 429, 200]]


@pytest.mark.parametrize(
    ("path", "body", "code", "param"),
    [
        pytest.param("/import", {"records": []}, "parameter_missing", "resource", id="no resource"),
        pytest.param("/import", {"resource": "tickets"}, "parameter_missing", "records", id="no records"),
        pytest.param("/import", IMPORT | {"resource": "contacts"}, "parameter_invalid", "resource", id="resource"),
        pytest.param("/import", IMPORT | {"records": {}}, "parameter_invalid", "records", id="records no array"),
        pytest.param("/import", IMPORT | {"records": []}, "parameter_invalid", "records", id="no record"),
        pytest.param("/import", IMPORT | {"records": [{}] * 501}, "parameter_invalid", "records", id="501 records"),
        pytest.param(
            "/import", IMPORT | {"mergeStrategy": "upsert"}, "parameter_invalid", "mergeStrategy", id="mergeStrategy"
        ),
        pytest.param("/import", IMPORT | {"merge": "skip"}, "parameter_unknown", "merge", id="unknown"),
        pytest.param("/import?dry=1", IMPORT, "parameter_unknown", "dry", id="unknown in the query"),
        pytest.param("/export", {}, "parameter_missing", "resources", id="no resources"),
        pytest.param("/export", {"resources": []}, "parameter_invalid", "resources", id="empty resources"),
        pytest.param(
            "/export", {"resources": [{"filters": {}}]}, "parameter_missing", "resources.0.type", id="no type"
        ),
        pytest.param("/export", {"resources": [{"type": "users"}]}, "parameter_invalid", "resources.0.type", id="type"),
        pytest.param(
            "/export",
            {"resources": [{"type": "tickets"}, {"type": "tickets"}]},
            "parameter_invalid",
            "resources",
            id="a type twice",
        ),
        pytest.param(
            "/export",
            {"resources": [{"type": "tickets"}, {"type": "articles"}], "format": "csv"},
            "parameter_invalid",
            "format",
            id="a CSV of two",
        ),
        pytest.param(
            "/export", {"resources": [{"type": "tickets"}], "format": "xml"}, "parameter_invalid", "format", id="format"
        ),
        pytest.param(
            "/export",
            {"resources": [{"type": "articles"}, {"type": "tickets", "filters": {"tag": "x"}}]},
            "parameter_unknown",
            "resources.1.filters.tag",
            id="unknown filter",
        ),
        pytest.param(
            "/export",
            {"resources": [{"type": "tickets", "filters": {"status": ["open"]}}]},
            "parameter_invalid",
            "resources.0.filters.status",
            id="filter no text",
        ),
        pytest.param(
            "/export",
            {"resources": [{"type": "tickets", "filters": {"status": "shut"}}]},
            "parameter_invalid",
            "resources.0.filters.status",
            id="no such status",
        ),
    ],
)
def test_a_parameter_at_fault_is_named(path: str, body: JSON, code: str, param: str) -> None:
    response = CStarClient().post(path, body)

    error = refused(response)
    assert response.status_code == 400
    assert (error["type"], error["code"], error["param"]) == ("invalid_request_error", code, param)


def test_more_conditions_than_a_filter_has_are_refused_as_a_whole() -> None:
    client = CStarClient(Limits(filter_conditions=5))
    body = {"resources": [{"type": "tickets", "filters": {"status": "open", "search": "x"}}]}

    response = client.post("/export", body)

    message = "A filter has at most 5 conditions, those of all groups counted together."
    assert refused(response) == an_error(
        "invalid_request_error", "parameter_invalid", message, param="resources.0.filters"
    )


def test_a_refused_strategy_is_told_which_there_are() -> None:
    response = CStarClient().post("/import", IMPORT | {"mergeStrategy": "upsert"})

    message = "mergeStrategy: Input should be 'skip', 'update', 'fill' or 'replace'."
    assert refused(response) == an_error("invalid_request_error", "parameter_invalid", message, param="mergeStrategy")


@pytest.mark.parametrize(
    ("query", "code", "param"),
    [
        pytest.param("", "parameter_missing", "type", id="no type"),
        pytest.param("type=users", "parameter_invalid", "type", id="type"),
        pytest.param("type=tickets&type=articles", "parameter_invalid", "type", id="two types"),
        pytest.param("type=tickets&format=xml", "parameter_invalid", "format", id="format"),
        pytest.param("type=tickets&tag=x", "parameter_unknown", "tag", id="a filter of another type"),
        pytest.param("type=tickets&colour=red", "parameter_unknown", "colour", id="unknown"),
        pytest.param("type=tickets&status=shut", "parameter_invalid", "status", id="no such status"),
        pytest.param("type=articles&isPublic=perhaps", "parameter_invalid", "isPublic", id="neither true nor false"),
    ],
)
def test_a_parameter_at_fault_of_an_export_by_query_is_named(query: str, code: str, param: str) -> None:
    response = CStarClient().get(f"/export?{query}")

    error = refused(response)
    assert response.status_code == 400
    assert (error["type"], error["code"], error["param"]) == ("invalid_request_error", code, param)


@pytest.mark.parametrize("query", ["page=0", "page=x", "pageSize=0", "pageSize=101", "page=1&page=2", "sort=asc"])
def test_a_page_out_of_range_is_refused(query: str) -> None:
    response = CStarClient().get(f"/import?{query}")

    assert response.status_code == 400
    assert refused(response)["param"] == query.partition("=")[0]


def test_what_is_refused_leaves_no_trace() -> None:
    client = CStarClient()

    client.post("/import", IMPORT | {"mergeStrategy": "upsert"})

    assert client.get("/import").json_body["data"] == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param(b"{", "invalid_json", id="malformed"),
        pytest.param(b"", "invalid_json", id="empty"),
        pytest.param(b"[]", "invalid_json", id="no object"),
        pytest.param(b'{"resource": "\xff"}', "invalid_encoding", id="not UTF-8"),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(body: bytes, code: str) -> None:
    response = CStarClient().request("POST", "/import", body, Content_Type="application/json")

    error = refused(response)
    assert response.status_code == 400
    assert (error["type"], error["code"]) == ("invalid_request_error", code)


def test_other_types_than_json_are_refused() -> None:
    response = CStarClient().request("POST", "/import", b"name\nJane\n", Content_Type="text/csv")

    message = "Send JSON, with Content-Type: application/json, not text/csv."
    assert response.status_code == 415
    assert refused(response) == an_error(
        "invalid_request_error", "unsupported_media_type", message, param="Content-Type"
    )


def test_too_many_bytes_are_refused() -> None:
    client = CStarClient(replace(DEFAULT_LIMITS, inline_upload_bytes=20))

    response = client.post("/import", IMPORT | {"records": [{"name": "J" * 50}]})

    message = "The source has 63 bytes, the limit is 20. Send fewer records, or smaller ones, at a time."
    assert response.status_code == 413
    assert refused(response) == an_error("invalid_request_error", "payload_too_large", message, param="records")


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/teams",
        f"/api/v1/teams/{OURS}",
        f"/api/v1/teams/{OURS}/tickets",
        f"/api/v1/teams/{OURS}/import/imp_1",
        f"/api/v1/teams/{OURS}/export/exp_1",
    ],
)
def test_an_unknown_path_is_not_found(path: str) -> None:
    response = CStarClient().get(path, key="")

    assert response.status_code == 404
    assert refused(response) == an_error("not_found_error", "not_found", "There is nothing at this path.")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/import", "POST, GET, HEAD"),
        ("DELETE", "/import", "POST, GET, HEAD"),
        ("PATCH", "/export", "POST, GET, HEAD"),
    ],
)
def test_a_wrong_method_is_refused_with_those_that_are_right(method: str, path: str, allowed: str) -> None:
    response = CStarClient().request(method, path)

    message = f"This path takes {' and '.join(allowed.split(', '))} only."
    assert response.status_code == 405
    assert response.headers["Allow"] == allowed
    assert refused(response) == an_error("invalid_request_error", "method_not_allowed", message)


@pytest.mark.parametrize(
    ("failure", "status", "code", "message"),
    [
        pytest.param(
            Retryable("secret"), 503, "service_unavailable", "The service is busy. Try again in a moment.", id="passing"
        ),
        pytest.param(Fatal("secret"), 500, "internal_error", "Something went wrong.", id="fatal"),
        pytest.param(KeyError("secret"), 500, "internal_error", "Something went wrong.", id="a bug"),
        pytest.param(
            Refused("in_no_table", "secret"),  # type: ignore[arg-type] # no code of the catalogue
            500,
            "internal_error",
            "Something went wrong.",
            id="no words",
        ),
    ],
)
def test_failures_of_ours_tell_nothing_but_are_logged(
    failure: Exception, status: int, code: str, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object) -> None:
        raise failure

    client = CStarClient()
    runner = InterruptedRunner(client.world.runner, fail)
    client.world.context = replace(client.context, open_runner=lambda: runner)

    with caplog.at_level(logging.WARNING):
        response = client.post("/import", IMPORT)

    assert response.status_code == status
    assert refused(response) == an_error("api_error", code, message)
    assert response.headers.get("Retry-After") == ("1" if status == 503 else None)
    assert len(caplog.records) == 1
