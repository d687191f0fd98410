"""A PackageX client: Chalice's own test client with a key, over a world in memory."""

import json
from typing import Any

from chalice.app import Chalice
from chalice.test import HTTPResponse

from tests.answers import Client
from tests.blueprints import packagex_routes
from tests.documented_answers import documented
from tests.world import World

JSON = dict[str, Any]


class PackageXClient:
    """Says what it is told, with a key that may do everything."""

    def __init__(self, world: World | None = None) -> None:
        self.world = world or World()
        self.key = self.world.key("px_secret")
        app = Chalice("packagex-contract", configure_logs=False)
        for blueprint in packagex_routes(lambda: self.world.context):
            app.register_blueprint(blueprint)
        self._http = Client(app).http

    def request(
        self, method: str, path: str, *, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> HTTPResponse:
        return documented(
            method,
            path,
            self._http.request(method, path, headers={"PX-API-KEY": self.key} | (headers or {}), body=body),
        )

    def get(self, path: str) -> HTTPResponse:
        return self.request("GET", path)

    def post(self, path: str, body: JSON) -> HTTPResponse:
        return self.request("POST", path, body=json.dumps(body).encode(), headers={"Content-Type": "application/json"})
