"""A Kasar client: Chalice's own test client with an admin's key, over the real road and stores in memory."""

import json
from typing import Any
from urllib.parse import urlencode

from chalice.app import Chalice
from chalice.test import HTTPResponse

from chalicelib.api.kasar.routes import kasar_routes
from chalicelib.model.api_keys import KeyKind
from tests.answers import Client
from tests.documented_answers import documented
from tests.real_pipeline import connect_pipeline
from tests.world import World

JSON = dict[str, Any]

ALICE = {"first_name": "Alice", "last_name": "Martin", "email": "alice@example.com"}
BOB = {"first_name": "Bob", "last_name": "Dupont", "email": "bob@startup.io"}


class KasarClient:
    """Says what it is told."""

    def __init__(self, world: World | None = None) -> None:
        self.world = world or World()
        self.machine = connect_pipeline(self.world)
        self.key = self.world.key("ksr_a1b2c3d4e5f6", kind=KeyKind.KSR_ADMIN)
        app = Chalice("kasar-contract", configure_logs=False)
        app.register_blueprint(kasar_routes(lambda: self.world.context))
        self._http = Client(app).http

    def request(
        self, method: str, path: str, *, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> HTTPResponse:
        authorized = {"Authorization": f"Bearer {self.key}"} | (headers or {})
        return documented(method, path, self._http.request(method, path, headers=authorized, body=body))

    def load(self, name: str, *records: object) -> HTTPResponse:
        """Imports."""
        body = json.dumps({"records": records}).encode()
        headers = {"Content-Type": "application/json"}
        return self.request("POST", f"/api/v1/import/{name}", body=body, headers=headers)

    def export(self, name: str, **query: str) -> HTTPResponse:
        return self.request("GET", f"/api/v1/export/{name}?{urlencode(query)}")

    def exported(self, name: str, **query: str) -> list[JSON]:
        records: list[JSON] = self.export(name, **query).json_body["records"]
        return records


def a_refusal(code: str, message: str) -> JSON:
    return {"error": {"code": code, "message": message}}
