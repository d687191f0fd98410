"""A cStar client: Chalice's own test client with a key, over the real road and stores in memory."""

import json
from typing import Any

from chalice.app import Chalice
from chalice.test import HTTPResponse

from chalicelib.access.context import Context
from chalicelib.api.cstar.routes import cstar_routes
from chalicelib.model.api_keys import KINDS, KeyKind
from chalicelib.model.ids import sibling_of
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from tests.answers import Client
from tests.documented_answers import documented
from tests.real_pipeline import connect_pipeline
from tests.world import OURS, World

JSON = dict[str, Any]

AT = "2023-11-14T22:13:20Z"
"""When it is, in a world whose clock stands still."""


class CStarClient:
    """Speaks to its own team with a live secret key, unless it is told otherwise."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self.world = World(limits)
        connect_pipeline(self.world)
        self.secrets = {kind: self.key(kind) for kind in KeyKind}

    @property
    def context(self) -> Context:
        return self.world.context

    def key(self, kind: KeyKind, secret: str = "", **given: Any) -> str:
        """A secret of this kind, of our team."""
        wanted = {"kind": kind, "scopes": KINDS[kind].scopes, "key_id": f"key_{kind}"}
        if KINDS[kind].is_test:
            wanted |= {"tenant_id": sibling_of(OURS), "test_of": OURS}
        return self.world.key(secret or f"{KINDS[kind].prefix}{kind}", **(wanted | given))

    def request(
        self, method: str, path: str, body: object = b"", *, key: str | None = None, **headers: str
    ) -> HTTPResponse:
        """`path` begins behind the team's; `body` is JSON unless it is bytes."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if not isinstance(body, bytes):
            sent, body = {"Content-Type": "application/json"} | sent, json.dumps(body).encode()
        if key != "":
            sent["Authorization"] = f"Bearer {key or self.secrets[KeyKind.SK_LIVE]}"
        full = path if path.startswith("/api") else f"/api/v1/teams/{OURS}{path}"
        return documented(method, full, self._http().http.request(method, full, headers=sent, body=body))

    def get(self, path: str, **given: Any) -> HTTPResponse:
        return self.request("GET", path, **given)

    def post(self, path: str, body: object, **given: Any) -> HTTPResponse:
        return self.request("POST", path, body, **given)

    def imported(self, records: list[object], resource: str = "customers", **given: Any) -> JSON:
        """The result object."""
        key = given.pop("key", None)
        response = self.post("/import", {"resource": resource, "records": records} | given, key=key)
        assert response.status_code == 200, response.json_body
        data: JSON = response.json_body["data"]
        return data

    def exported(self, resource: str = "customers", key: str | None = None, **filters: object) -> list[JSON]:
        """The records, as one export shows them."""
        response = self.post("/export", {"resources": [{"type": resource, "filters": filters}]}, key=key)
        assert response.status_code == 200, response.json_body
        records: list[JSON] = response.json_body["data"]["resources"][resource]
        return records

    def _http(self) -> Client:
        app = Chalice("cstar-contract", configure_logs=False)
        app.register_blueprint(cstar_routes(lambda: self.context, lambda: self.world.now))
        return Client(app)


def refused(response: HTTPResponse) -> JSON:
    """The error of a refusal, once its envelope is known to be one."""
    body: JSON = response.json_body
    assert set(body) == {"success", "error", "meta"}
    assert (body["success"], body["meta"]) == (False, {"timestamp": AT})
    assert response.headers["Content-Type"] == "application/json"
    error: JSON = body["error"]
    assert error.pop("request_id") == f"req_{response.headers['X-Request-Id']}"
    return error
