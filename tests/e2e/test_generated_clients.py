"""Clients that others generate from `/openapi.json` work: they compile, and import against the deployed stack.

Each program of `tests/clients/programs` creates an import, sends its file, watches it end and lists it, in the words of
one client. Skipped where the generators could not be installed.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.model.api_keys import KeyKind
from local.keys import add_key, new_key
from local.stack import Stack
from tests.clients.workshop import COMMANDS, Workshop, is_installed
from tests.e2e.packagex_client import fetch
from tests.e2e.tenants import Tenants

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not is_installed(), reason="the generators could not be installed; `make clients` says why"),
]

SOURCE = "name,email\nAnn,ann@example.com\nBob,bob@example.com\n"
USERS = (
    "Full Name,Email,Ring Groups,Agent Activation,Internal Extension,External Phone\n"
    "Ann,ann@example.com,,,,\nBob,bob@example.com,,,,\n"
)
IMPORTED = {"status": "completed", "created": 2, "listed": [True]}


@pytest.fixture(scope="module")
def bench(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """With the document as it is served, and nothing made yet."""
    workshop = Workshop(tmp_path_factory.mktemp("clients"))
    workshop.prepare(fetch(f"{stack.base_url}/openapi.json"))
    return workshop


@pytest.fixture(scope="module")
def workshop(bench: Workshop) -> Workshop:
    """With every client made."""
    bench.generate_all()
    return bench


def test_spectral_finds_nothing(bench: Workshop) -> None:
    assert (
        json.loads(bench.run("spectral lint -r spectral.json openapi.json --quiet --format json --fail-severity hint"))
        == []
    )


def test_redocly_finds_nothing(bench: Workshop) -> None:
    found = json.loads(bench.run("redocly lint openapi.json --extends recommended --format json"))

    assert found["totals"] == {"errors": 0, "warnings": 0, "ignored": 0}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_client_has_every_operation(name: str, workshop: Workshop) -> None:
    code = workshop.code_of(name)
    paths = json.loads((workshop.folder / "openapi.json").read_text())["paths"]
    ids = [operation["operationId"] for methods in paths.values() for operation in methods.values()]

    assert [one for one in ids if one.replace("_", "") not in code] == []


def test_typescript_clients_are_strictly_typed(workshop: Workshop) -> None:
    workshop.run("tsc -p .")


@pytest.mark.parametrize(
    ("package", "checked"),
    [
        pytest.param(
            "openapi-python-client/sluice_client",
            "--strict --no-warn-redundant-casts python_httpx.py python_httpx_dialects.py",
            id="openapi-python-client",
        ),
        pytest.param("python/openapi_client", "python_urllib3.py", id="openapi-generator"),
    ],
)
def test_python_clients_are_typed(package: str, checked: str, workshop: Workshop) -> None:
    workshop.run(f"mypy {checked} {package}", {"MYPYPATH": str(Path(package).parent)})


@pytest.mark.parametrize("program", ["python_urllib3", "python_httpx"])
def test_an_import_by_a_python_client(program: str, workshop: Workshop, stack: Stack, tenants: Tenants) -> None:
    assert _import(workshop, f"python {program}.py", stack, tenants) == IMPORTED


@pytest.mark.parametrize("program", ["typescript_fetch", "typescript_axios", "openapi_fetch", "orval"])
def test_an_import_by_a_typescript_client(program: str, workshop: Workshop, stack: Stack, tenants: Tenants) -> None:
    workshop.run(
        f"esbuild {program}.ts --bundle --packages=external --platform=node --format=esm --outfile={program}.mjs"
    )

    assert _import(workshop, f"node {program}.mjs", stack, tenants) == IMPORTED


def test_the_other_dialects_by_a_python_client(workshop: Workshop, stack: Stack) -> None:
    cstar, kasar, talkdesk = (new_key(kind) for kind in (KeyKind.SK_LIVE, KeyKind.KSR_ADMIN, KeyKind.TD_CLIENT))
    for key in (cstar, kasar, talkdesk):
        add_key(stack, key)
    values = {"BASE_URL": stack.base_url, "CSTAR_KEY": cstar.secret, "CSTAR_TEAM": cstar.tenant_id}
    values |= {"KASAR_KEY": kasar.secret, "TALKDESK_ID": talkdesk.key_id, "TALKDESK_SECRET": talkdesk.secret}

    done = json.loads(workshop.run("python python_httpx_dialects.py", values | {"TALKDESK_SOURCE": USERS}))

    assert done == {"cstar": 1, "kasar": [1, 1], "talkdesk": ["COMPLETED", 2, [True]]}


def _import(workshop: Workshop, command: str, stack: Stack, tenants: Tenants) -> Any:
    """What a program says of its import, by a tenant of its own."""
    client = tenants.client()
    values = {"BASE_URL": stack.base_url, "PACKAGEX_KEY": str(client.key), "SOURCE": SOURCE}
    return json.loads(workshop.run(command, values))
