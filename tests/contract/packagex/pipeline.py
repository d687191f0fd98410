"""A PackageX client with the real pipeline behind it: only the state machine is simulated, and stores are in memory."""

from base64 import b64encode
from dataclasses import replace
from typing import Any

from chalicelib.imports.handlers import ImportMachine
from chalicelib.imports.uploads import receive_file
from chalicelib.model.ids import ImportId
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.object_keys import ResultFile, result_key
from tests.contract.packagex.clients import JSON, PackageXClient
from tests.import_world import run_import
from tests.world import OURS, World


class PipelineClient:
    """A client, and the machine behind the service it talks to."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        world = World(limits)
        tokens = iter(range(1000))
        self.machine = ImportMachine(
            stores=world.stores,
            limits=world.context.limits,
            now=lambda: float(world.now),
            new_attempt_id=lambda: f"try{next(tokens)}",
        )
        world.context = replace(world.context, open_runner=lambda: self.machine)
        self.client = PackageXClient(world)

    def run(self, **body: Any) -> JSON:
        """The import as it is shown at its end."""
        asked = {"resource": "contact", "action": "merge", "duplicate_handling": "use_first"} | body
        import_id = self.client.post("/v1/imports", asked).json_body["data"]["id"]
        return self.run_to_end(import_id)

    def run_to_end(self, import_id: str) -> JSON:
        import_ = self.client.world.stores.imports.find(OURS, ImportId(import_id))
        assert import_ is not None
        run_import(self.machine, import_)
        return self.show(import_id)

    def show(self, import_id: str) -> JSON:
        query = "&".join(f"include_{one}=true" for one in ("upload_csv", "upload_json", "errors_csv", "errors_json"))
        data: JSON = self.client.get(f"/v1/imports/{import_id}?{query}").json_body["data"]
        return data

    def upload(self, content: bytes, **body: Any) -> JSON:
        asked = {"upload_mode": "async", "resource": "contact", "action": "merge", "duplicate_handling": "use_first"}
        asked |= body
        import_id = self.client.post("/v1/imports", asked).json_body["data"]["id"]
        self.send(import_id, content)
        return self.run_to_end(import_id)

    def send(self, import_id: str, content: bytes) -> None:
        """Sends the file of an import, which is queued then."""
        file = self.client.world.stores.files.write_file(f"uploads/{OURS}/{import_id}/source", content)
        receive_file(self.client.world.context, file.key, file.version_id)

    def file(self, shown: JSON, name: str) -> bytes:
        """A result file of an import, such as `errors.csv`."""
        files = self.client.world.stores.files
        with files.open_file(result_key(OURS, shown["id"], ResultFile(name))) as stream:
            return stream.read()


def data_url(content: bytes, content_type: str = "text/csv") -> str:
    return f"data:{content_type};base64," + b64encode(content).decode()


def counted(shown: JSON) -> JSON:
    return {name: count for name, count in shown["stats"].items() if count}
