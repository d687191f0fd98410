"""How cStar is asked: which keys it knows, which team they open, and what its failures bear."""

from typing import Any

import pytest
from chalice.app import Request

from chalicelib.access.context import Caller
from chalicelib.api.cstar.adapter import make_adapter, of_team
from chalicelib.api.cstar.responses import CStarAnswer
from chalicelib.api.http.call import Call
from chalicelib.errors import Refused
from chalicelib.model.ids import TenantId
from chalicelib.model.rate_limits import RateLimit, RateLimitStatus
from tests.world import OURS, THEIRS, World

ADAPTER = make_adapter(lambda: 1_700_000_000)


def a_request(authorization: str = "") -> Request:
    return Request(
        {
            "multiValueQueryStringParameters": None,
            "headers": {"authorization": authorization},
            "pathParameters": {},
            "requestContext": {"httpMethod": "GET", "resourcePath": "/", "path": "/", "requestId": "1"},
            "stageVariables": None,
            "body": None,
        }
    )


def a_call(team_id: str, *, test_of: TenantId | None = None) -> Call:
    caller = Caller(tenant_id=OURS, key_id="key_1", scopes=frozenset(), test_of=test_of)
    return Call(context=World().context, caller=caller, request=a_request(), path={"team_id": team_id})


def test_a_key_of_another_kind_is_malformed() -> None:
    with pytest.raises(Refused) as refusal:
        ADAPTER.find_secret(a_request("Bearer px_secret"))

    assert refusal.value.code == "malformed_key"
    assert ADAPTER.find_secret(a_request("Bearer pk_live_1")) == "pk_live_1"


def test_failures_bear_the_time_and_the_request() -> None:
    body: Any = ADAPTER.render_unavailable(a_request()).body

    assert body["meta"] == {"timestamp": "2023-11-14T22:13:20Z"}
    assert body["error"]["request_id"] == "req_1"


def test_the_window_of_a_rate_limit_is_told() -> None:
    status = RateLimitStatus(rate_limit=RateLimit(100, 3600), used=1, begins_at=0)

    assert ADAPTER.render_rate_limit(status)["X-RateLimit-Window"] == "3600"


@pytest.mark.parametrize(
    ("team_id", "test_of", "opens"),
    [
        pytest.param(OURS, None, True, id="its own"),
        pytest.param(OURS.upper(), None, True, id="its own, in any case"),
        pytest.param(THEIRS, None, False, id="another"),
        pytest.param(THEIRS, THEIRS, True, id="the team that a test key tests"),
        pytest.param(OURS, THEIRS, False, id="the test data's own name"),
    ],
)
def test_a_key_opens_its_team_only(team_id: str, test_of: TenantId | None, opens: bool) -> None:
    view = of_team(lambda call: CStarAnswer(data={}, name="it"))

    if opens:
        assert view(a_call(team_id, test_of=test_of)) == CStarAnswer(data={}, name="it")
    else:
        with pytest.raises(Refused):
            view(a_call(team_id, test_of=test_of))
