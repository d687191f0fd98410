import json

import pytest

from sluice.cli.app import App
from sluice.cli.main import run
from tests.service_in_memory import ServiceInMemory


@pytest.fixture
def service() -> ServiceInMemory:
    return ServiceInMemory()


def sluice(service: ServiceInMemory, *arguments: str) -> int:
    return run(arguments, App(connect=lambda _: service.client()))


def test_a_profile_lives(service: ServiceInMemory, capsys: pytest.CaptureFixture[str]) -> None:
    saved = ["-r", "contacts", "-m", "name=Nom", "-m", "phone=", "--max-failed", "5%", "--delimiter", ";"]
    assert sluice(service, "profiles", "save", "weekly", *saved) == 0
    assert "sluice import FILE -r contacts --profile weekly" in capsys.readouterr().err

    assert sluice(service, "profiles", "list") == 0
    assert capsys.readouterr().out.splitlines()[1].split() == [
        *("weekly", "contact", "1", "column_mapping,", "max_failed,", "reading"),
    ]
    assert sluice(service, "profiles", "show", "weekly", "--json") == 0
    assert json.loads(capsys.readouterr().out)["options"] == {
        "column_mapping": {"name": "Nom", "phone": None},
        "max_failed": "5%",
        "reading": {"delimiter": ";"},
    }
    assert sluice(service, "profiles", "show", "weekly") == 0
    assert 'column_mapping  {"name": "Nom", "phone": null}' in capsys.readouterr().out
    assert (sluice(service, "profiles", "delete", "weekly"), sluice(service, "profiles", "show", "weekly")) == (0, 3)


def test_settings_are_shown_and_set(service: ServiceInMemory, capsys: pytest.CaptureFixture[str]) -> None:
    assert sluice(service, "settings", "max_failed=5%", "max_deleted=20", "hold=no") == 0

    shown = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert shown == [
        ["setting", "value"],
        *(["max_failed", "5%"], ["max_deleted", "20"], ["all_or_nothing", "none"], ["save_upload", "none"]),
        ["hold", "no"],
    ]
    assert sluice(service, "settings", "max_failed=none", "--json") == 0
    assert json.loads(capsys.readouterr().out)["max_failed"] is None


@pytest.mark.parametrize("given", ["hold", "hold=maybe", "colour=red"])
def test_what_is_no_setting_is_wrong_use(service: ServiceInMemory, given: str) -> None:
    assert sluice(service, "settings", given) == 2
    assert service.client().settings.get().version == 0
