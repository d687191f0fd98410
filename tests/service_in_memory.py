"""The whole service behind an httpx transport: PackageX's routes over stores in memory, signed URLs, both machines.

What a client has asked for has happened when its request is answered, unless the service is told to rest; then `work`
does it. `Faulty` is a network before it that loses connections and is refused.
"""

from collections.abc import Callable, Iterable
from urllib.parse import unquote

import httpx
from chalice.app import Chalice

from chalicelib.imports.events import Event
from chalicelib.imports.uploads import receive_file
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import FINAL
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.stores.memory.files import MemoryFiles
from chalicelib.stores.memory.machine import MemoryExportExecutions
from sluice import AsyncSluice, RetryPolicy, Sluice
from tests.answers import Client
from tests.blueprints import packagex_routes
from tests.export_world import ExportWorld, run_export
from tests.import_world import run_import
from tests.real_pipeline import connect_pipeline
from tests.world import OURS

URL = "http://sluice.test"
KEY = "px_secret"


Fault = Callable[[httpx.Request], httpx.Response | None]
"""What becomes of a request instead of an answer: another answer, an exception, or nothing, and then it is answered."""
NO_PAUSES = RetryPolicy(draw=lambda: 0.0)


class ServiceInMemory:
    """Answers requests to `URL` and to what it has signed."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self.world = ExportWorld(limits)
        self.machine = connect_pipeline(self.world)
        self.world.key(KEY)
        self.is_resting = False
        self.requests: list[httpx.Request] = []
        app = Chalice("in-memory", configure_logs=False)
        for blueprint in packagex_routes(lambda: self.world.context):
            app.register_blueprint(blueprint)
        self._http = Client(app).http

    def client(self, *faults: Fault, parts_from_bytes: int = 1 << 40) -> Sluice:
        """Returns a client of this service, behind a network with these faults."""
        http = httpx.Client(transport=Faulty(self, faults))
        return Sluice(URL, KEY, retry=NO_PAUSES, parts_from_bytes=parts_from_bytes, http=http)

    def async_client(self, *faults: Fault, parts_from_bytes: int = 1 << 40) -> AsyncSluice:
        """Returns a client that awaits."""
        http = httpx.AsyncClient(transport=Faulty(self, faults))
        return AsyncSluice(URL, KEY, retry=NO_PAUSES, parts_from_bytes=parts_from_bytes, http=http)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answers a request whose body has been read."""
        self.requests.append(request)
        response = self._file(request) if request.url.scheme == "memory" else self._api(request)
        if request.method != "GET" and not self.is_resting:
            self.work()
        return response

    def work(self) -> None:
        """Runs to their ends all imports and exports that have not ended."""
        for execution in self.world.executions:
            if execution.is_describing:
                self.machine.describe_source(Event.model_validate(execution.given))
                continue
            import_ = self.world.stores.imports.find(OURS, ImportId(execution.import_id))
            if import_ and import_.status not in FINAL:
                run_import(self.machine, import_)
        assert isinstance(self.world.stores.export_executions, MemoryExportExecutions)
        for export_id in self.world.stores.export_executions.started:
            export = self.world.stores.exports.find(OURS, export_id)
            if export and not export.is_final:
                run_export(self.world.steps, export)

    def sent(self, method: str, path: str) -> list[httpx.Request]:
        """Returns the requests to a path of the API, in order."""
        return [one for one in self.requests if one.method == method and one.url.path == path]

    def _api(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode()
        answer = self._http.request(request.method, path, dict(request.headers.items()), request.content)
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.body, request=request)

    def _file(self, request: httpx.Request) -> httpx.Response:
        files, key = self.world.stores.files, unquote(request.url.path).removeprefix("/")
        assert isinstance(files, MemoryFiles)
        if request.method == "GET":
            return httpx.Response(200, content=files.read_file(key), request=request)
        if part := request.url.params.get("part"):
            files.write_part(key, request.url.params["upload_id"], int(part), request.content)
            return httpx.Response(200, request=request)
        stored = files.write_file(key, request.content, content_type=request.headers.get("content-type", ""))
        receive_file(self.world.context, stored.key, stored.version_id)
        return httpx.Response(200, request=request)


class Faulty(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A network that does to requests what its faults say, one fault for each, and then nothing more."""

    def __init__(self, service: "ServiceInMemory", faults: Iterable[Fault]) -> None:
        self.service = service
        self._faults = iter(faults)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Lets the next fault happen; without one, the service answers."""
        request.read()
        fault = next(self._faults, None)
        return (fault(request) if fault else None) or self.service.answer(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Does the same for a client that awaits."""
        await request.aread()
        fault = next(self._faults, None)
        return (fault(request) if fault else None) or self.service.answer(request)

    async def aclose(self) -> None:
        """Has nothing to close."""


def unanswered(service: ServiceInMemory) -> Fault:
    """Returns a fault that lets the service do its work and loses the answer."""

    def lose(request: httpx.Request) -> httpx.Response:
        service.answer(request)
        raise httpx.ReadError("the connection was dropped", request=request)

    return lose


def unconnected(request: httpx.Request) -> httpx.Response:
    """A fault: the service is not reached."""
    raise httpx.ConnectError("nobody listens", request=request)


def refused(status: int, **headers: str) -> Fault:
    """Returns a fault that answers with a status, and does nothing."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request: httpx.Response(status, headers=named, request=request)


def passed(request: httpx.Request) -> None:
    """No fault: the service answers."""
