"""`Idempotency-Key` in every dialect: asked twice, done once, and answered alike."""

import json
from typing import Any

import pytest

from chalicelib.errors import Retryable
from tests.contract.repeating import DIALECTS, Dialect, Died, die_in, meanwhile
from tests.world import NOW

KEY = "9b2f6e0c-5a55-4d0e-8f6f-1f9d3b7f7f10"
DAY_S = 24 * 3600

REUSED = "This Idempotency-Key was used for another request: path, parameters and body must be the same."
IN_USE = "A request with this Idempotency-Key is still at work. Ask again for its answer."
UNFIT = "Idempotency-Key must have 1 to 255 characters."


@pytest.fixture(params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> Dialect:
    return DIALECTS[request.param]()


@pytest.fixture(params=DIALECTS)
def named(request: pytest.FixtureRequest) -> tuple[str, Dialect]:
    return request.param, DIALECTS[request.param]()


def packagex_refusal(status: int, code: str, message: str) -> dict[str, Any]:
    return {
        "message": message,
        "data": {},
        "status": status,
        "errors": [f"Idempotency-Key: {message}"],
        "code": code,
        "events": [],
        "pagination": None,
        "endpoint": "/v1/imports",
    }


def cstar_refusal(code: str, message: str) -> dict[str, Any]:
    """But for the request's id."""
    return {
        "success": False,
        "error": {
            "type": "invalid_request_error",
            "code": code,
            "message": message,
            "param": "Idempotency-Key",
            "doc_url": "https://www.cstar.help/developers/errors",
        },
        "meta": {"timestamp": "2023-11-14T22:13:20Z"},
    }


BODIES = {
    ("PackageX", "reused"): packagex_refusal(422, "idempotency_key_reused", REUSED),
    ("PackageX", "in use"): packagex_refusal(409, "idempotency_key_in_use", IN_USE),
    ("PackageX", "unfit"): packagex_refusal(400, "validation_failed", UNFIT),
    ("Kasar", "reused"): {"error": {"code": "IDEMPOTENCY_KEY_REUSED", "message": REUSED}},
    ("Kasar", "in use"): {"error": {"code": "IDEMPOTENCY_KEY_IN_USE", "message": IN_USE}},
    ("Kasar", "unfit"): {"error": {"code": "VALIDATION_ERROR", "message": UNFIT}},
    ("cStar", "reused"): cstar_refusal("idempotency_key_reused", REUSED),
    ("cStar", "in use"): cstar_refusal("idempotency_key_in_use", IN_USE),
    ("cStar", "unfit"): cstar_refusal("parameter_invalid", UNFIT),
}


def body_of(response: Any) -> Any:
    body = json.loads(response.body)
    if isinstance(body.get("error"), dict):
        body["error"].pop("request_id", None)
    return body


def test_the_first_answer_is_given_again_and_nothing_is_done_again(dialect: Dialect) -> None:
    first = dialect.ask(KEY)
    dialect.world.now += DAY_S - 1

    again = dialect.ask(KEY)

    assert first.status_code in (200, 201), first.body
    assert (again.status_code, again.body) == (first.status_code, first.body)
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert dialect.imports == 1


def test_headers_about_the_request_are_those_of_the_repeat(dialect: Dialect) -> None:
    first, again = dialect.ask(KEY), dialect.ask(KEY)

    left = [int(one.headers["X-RateLimit-Remaining"]) for one in (first, again)]
    assert left[1] == left[0] - 1
    assert "X-Request-Id" in again.headers


def test_another_body_under_the_same_key_is_refused(named: tuple[str, Dialect]) -> None:
    name, dialect = named
    dialect.ask(KEY)

    response = dialect.ask(KEY, dialect.other_body)

    assert response.status_code == 422
    assert body_of(response) == BODIES[name, "reused"]
    assert dialect.imports == 1


def test_other_parameters_under_the_same_key_are_refused(dialect: Dialect) -> None:
    dialect.ask(KEY)

    assert dialect.ask(KEY, path=f"{dialect.path}?dry=1").status_code == 422


def test_a_twin_is_refused_while_the_first_is_at_work(named: tuple[str, Dialect]) -> None:
    name, dialect = named
    twins = []
    meanwhile(dialect.world, lambda: twins.append(dialect.ask(KEY)))

    first = dialect.ask(KEY)

    assert [twin.status_code for twin in twins] == [409]
    assert body_of(twins[0]) == BODIES[name, "in use"]
    assert twins[0].headers["Retry-After"] == "1"
    assert dialect.ask(KEY).body == first.body
    assert dialect.imports == 1


@pytest.mark.parametrize("key", ["k" * 256, "", " "], ids=["256 characters", "empty", "blank"])
def test_a_key_that_cannot_be_one_is_refused(named: tuple[str, Dialect], key: str) -> None:
    name, dialect = named

    response = dialect.ask(key)

    assert response.status_code == 400
    assert body_of(response) == BODIES[name, "unfit"]
    assert dialect.imports == 0


def test_a_key_may_have_255_characters(dialect: Dialect) -> None:
    first, again = dialect.ask("k" * 255), dialect.ask("k" * 255)

    assert (again.body, dialect.imports) == (first.body, 1)


def test_without_a_key_everything_is_done_again(dialect: Dialect) -> None:
    dialect.ask(None)
    dialect.ask(None)

    assert dialect.imports == 2


def test_a_request_that_is_refused_before_work_began_leaves_the_key_free(dialect: Dialect) -> None:
    refused = dialect.ask(KEY, b'{"nonsense": 1}')
    first = dialect.ask(KEY)

    assert (refused.status_code, first.status_code // 100) == (400, 2)
    assert "Idempotent-Replayed" not in first.headers


def test_after_a_passing_failure_the_key_is_free(dialect: Dialect) -> None:
    failures = [Retryable("busy")]

    def fail_once() -> None:
        if failures:
            raise failures.pop()

    meanwhile(dialect.world, fail_once)
    failed = dialect.ask(KEY)
    first, again = dialect.ask(KEY), dialect.ask(KEY)

    assert (failed.status_code, first.status_code // 100) == (503, 2)
    assert "Idempotent-Replayed" not in first.headers
    assert again.body == first.body


def test_after_a_day_a_key_is_new(dialect: Dialect) -> None:
    dialect.ask(KEY)
    dialect.world.now = NOW + DAY_S

    again = dialect.ask(KEY, dialect.other_body)

    assert again.status_code in (200, 201)
    assert "Idempotent-Replayed" not in again.headers
    assert dialect.imports == 2


def test_a_process_that_died_with_its_answer_leaves_one_import_and_the_retry_tells_of_it(dialect: Dialect) -> None:
    die_in(dialect.world)
    with pytest.raises(Died):
        dialect.ask(KEY)
    too_early = dialect.ask(KEY)
    dialect.world.now += 60

    retried, again = dialect.ask(KEY), dialect.ask(KEY)

    assert too_early.status_code == 409
    assert retried.status_code in (200, 201), retried.body
    assert again.body == retried.body
    assert dialect.imports == 1


def test_after_such_a_death_the_key_still_belongs_to_its_request(dialect: Dialect) -> None:
    die_in(dialect.world)
    with pytest.raises(Died):
        dialect.ask(KEY)
    dialect.world.now += 60

    assert dialect.ask(KEY, dialect.other_body).status_code == 422
