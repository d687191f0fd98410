"""All dialects over a world in memory, behind an address on loopback: for tests that can only speak HTTP.

One request at a time; the world is the test's.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

import chalice.test
from chalice.app import Chalice

from tests.answers import Client
from tests.blueprints import all_blueprints
from tests.loopback_server import Connection, LoopbackServer
from tests.real_pipeline import connect_pipeline
from tests.world import World


@contextmanager
def serve(world: World, make_client: Callable[[Chalice], chalice.test.Client] = Client) -> Iterator[str]:
    """The base URL."""
    connect_pipeline(world)
    app = Chalice("served", configure_logs=False)
    app.api.binary_types.append("multipart/form-data")
    for blueprint in all_blueprints(lambda: world.context, lambda: world.now):
        app.register_blueprint(blueprint)
    with _Server(make_client(app)) as server:
        yield server.url


class _Server(LoopbackServer):
    def __init__(self, client: chalice.test.Client) -> None:
        super().__init__(_Connection)
        self.client, self.lock = client, Lock()


class _Connection(Connection):
    server: _Server

    def respond(self) -> None:
        content, headers = self.read_body(), dict(self.headers.items())
        with self.server.lock:
            answer = self.server.client.http.request(self.command, self.path, headers=headers, body=content)
        self.answer(answer.status_code, answer.body, answer.headers)
