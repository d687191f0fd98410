"""All dialects over a world in memory, behind an address on loopback: for tests that can only speak HTTP.

One request at a time, in a thread of its own; the world is the test's.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import chalice.test
from chalice.app import Chalice

from tests.answers import Client
from tests.blueprints import all_blueprints
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
    server = _Server(make_client(app))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


class _Server(HTTPServer):
    def __init__(self, client: chalice.test.Client) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.client = client


class _Connection(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = self.server.client.http.request(
            self.command, self.path, headers=dict(self.headers.items()), body=content
        )
        self.send_response(answer.status_code)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_DELETE = do_OPTIONS = do_PATCH = do_POST = do_PUT = do_GET  # noqa: N815 -- http.server names them

    def log_message(self, *_: object) -> None:
        """Silence."""
