"""A folder in which clients are generated from an OpenAPI document, checked, and run.

In comes the document; `generate_all` makes every client by the commands that `docs/clients.md` shows. What runs is what
`.clients` holds: Python, Java and Node come from there.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from local.paths import ROOT

CLIENTS = ROOT / ".clients"
PROGRAMS = Path(__file__).parent / "programs"
COMMAND_S = 600
"""Longer than any command takes on a busy machine."""

_GENERATE = "openapi-generator-cli generate -i openapi.json"

COMMANDS = {
    "python": f"{_GENERATE} -g python -o python",
    "typescript-fetch": f"{_GENERATE} -g typescript-fetch -o typescript-fetch --global-property skipFormModel=false",
    "typescript-axios": f"{_GENERATE} -g typescript-axios -o typescript-axios",
    "java": f"{_GENERATE} -g java -o java",
    "openapi-python-client": "openapi-python-client generate --path openapi.json --output-path openapi-python-client",
    "openapi-typescript": "openapi-typescript openapi.json --default-non-nullable false -o openapi-typescript.d.ts",
    "orval": "orval --config orval.config.json",
}
"""What an integrator would type, by what comes out."""

ENVIRONMENT = {
    "REDOCLY_TELEMETRY": "off",
    "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true",
    "NO_PROXY": "*",
    "PYTHONPATH": "python:openapi-python-client",
}


def is_installed() -> bool:
    """Whether generators and linters are there."""
    return (CLIENTS / ".stamp").exists()


@dataclass(frozen=True)
class Workshop:
    """A folder with the document, the programs that use clients, and the clients once they are made."""

    folder: Path

    def prepare(self, document: bytes = b"") -> None:
        """Lays out what the commands need."""
        shutil.copytree(PROGRAMS, self.folder, dirs_exist_ok=True)
        (self.folder / "openapi.json").write_bytes(document)
        (self.folder / "node_modules").symlink_to(CLIENTS / "node_modules")

    def run(self, command: str, environment: Mapping[str, str] | None = None) -> str:
        """Runs a command, and returns what it said; fails the test where it failed."""
        path = f"{CLIENTS / 'bin'}:{CLIENTS / 'node_modules' / '.bin'}:{os.environ['PATH']}"
        done = subprocess.run(
            command.split(),
            cwd=self.folder,
            env={**os.environ, **ENVIRONMENT, "PATH": path, **(environment or {})},
            capture_output=True,
            text=True,
            timeout=COMMAND_S,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-5000:]}\n{done.stderr[-5000:]}"
        return done.stdout

    def generate_all(self) -> None:
        """Makes every client; those of openapi-generator in one process, for each starts as long as it works."""
        own = [command for command in COMMANDS.values() if not command.startswith(_GENERATE)]
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(self.run, [self._as_batch(), *own]))

    def code_of(self, name: str) -> str:
        """Returns the code of a client with the names of its files, in lower case and without underscores."""
        paths = [path for path in self.folder.glob(f"{name}*/**/*") if path.suffix in (".java", ".py", ".ts")]
        paths += self.folder.glob(f"{name}.d.ts")
        return "\n".join(f"{path.name}\n{path.read_text()}" for path in paths).lower().replace("_", "")

    def _as_batch(self) -> str:
        names = [name for name, command in COMMANDS.items() if command.startswith(_GENERATE)]
        for name in names:
            values = {"generatorName": name, "inputSpec": "openapi.json", "outputDir": name}
            flag = {"globalProperties": {"skipFormModel": "false"}} if "skipFormModel" in COMMANDS[name] else {}
            (self.folder / f"{name}.json").write_text(json.dumps(values | flag))
        return " ".join(["openapi-generator-cli batch --threads 2", *(f"{name}.json" for name in names)])
