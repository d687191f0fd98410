import json
from pathlib import Path

import pytest

from sluice.cli.app import App
from sluice.cli.main import run
from tests.service_in_memory import ServiceInMemory


@pytest.fixture
def service() -> ServiceInMemory:
    service = ServiceInMemory()
    service.world.write("con_1", {"name": "Ann", "email": "ann@example.com"})
    return service


def sluice(service: ServiceInMemory, *arguments: str) -> int:
    return run(arguments, App(connect=lambda _: service.client()))


def test_records_are_a_document_a_line(service: ServiceInMemory, capsys: pytest.CaptureFixture[str]) -> None:
    sluice(service, "records", "contact", "--json")
    sluice(service, "records", "contacts", "con_1")

    first, *rest = capsys.readouterr().out.splitlines()
    assert json.loads(first) == json.loads("".join(rest))


def test_a_template_is_imported_again(service: ServiceInMemory, tmp_path: Path) -> None:
    for name in ("groups.csv", "groups.xlsx"):
        path = str(tmp_path / name)
        assert sluice(service, "template", "groups", path) == 0
        assert sluice(service, "import", path, "-r", "groups", "--preview") in (0, 1)


def test_resources_tell_their_fields(service: ServiceInMemory, capsys: pytest.CaptureFixture[str]) -> None:
    sluice(service, "resources", "contact", "--json")

    assert json.loads(capsys.readouterr().out)["plural"] == "contacts"


def test_a_filter_needs_a_sign(service: ServiceInMemory) -> None:
    assert sluice(service, "records", "contacts", "--where", "email") == 2


def test_a_secret_is_shown_even_quietly(service: ServiceInMemory, capsys: pytest.CaptureFixture[str]) -> None:
    sluice(service, "webhooks", "create", "https://hooks.example.com/a", "--quiet")

    assert "Its secret, shown this once: whsec_" in capsys.readouterr().err


def test_a_webhook_lives(service: ServiceInMemory, capsys: pytest.CaptureFixture[str]) -> None:
    sluice(service, "webhooks", "create", "https://hooks.example.com/a", "--event", "import.completed")
    printed = capsys.readouterr()
    made = printed.out.strip()

    assert "Its secret, shown this once: " in printed.err
    assert sluice(service, "webhooks", "deliveries", made, "--json") == 0
    assert sluice(service, "webhooks", "redeliver", made, "dlv_absent") == 3
    assert sluice(service, "webhooks", "delete", made) == 0
