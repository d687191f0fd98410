import json
import re
from typing import Any

import pytest

from local.dashboard import dashboard_body
from local.paths import ROOT
from tests.template import read_template

RESOURCES: dict[str, Any] = read_template()["Resources"]
ALARMS = [name for name in RESOURCES if name.endswith("Alarm")]


@pytest.fixture
def widgets() -> list[dict[str, Any]]:
    body = dashboard_body(["APIHandler", "OnFile"], ALARMS)
    found: list[dict[str, Any]] = json.loads(body["Fn::Sub"])["widgets"]
    return found


def test_every_alarm_is_there_first(widgets: list[dict[str, Any]]) -> None:
    assert widgets[0]["properties"]["alarms"] == [f"${{{name}.Arn}}" for name in sorted(ALARMS)]


def test_no_graph_lies_on_another_or_beyond_the_edge(widgets: list[dict[str, Any]]) -> None:
    places = [
        (one["x"] + x, one["y"] + y) for one in widgets for x in range(one["width"]) for y in range(one["height"])
    ]

    assert len(set(places)) == len(places)
    assert max(x for x, _ in places) < 24


def test_graphs_have_no_tenant_and_refer_to_what_the_template_has(widgets: list[dict[str, Any]]) -> None:
    metrics = [metric for one in widgets[1:] for metric in one["properties"]["metrics"]]
    named = set(re.findall(r"\$\{(\w+)(?:\.\w+)?\}", json.dumps(metrics)))

    assert named <= {"APIHandler", "OnFile", "ImportMachine", "ExportMachine", "RecordsTable", "DeadLetters"}
    assert len(metrics) > 20
    assert "enant" not in json.dumps(metrics)


def test_graphs_of_our_own_metrics_name_what_functions_count(widgets: list[dict[str, Any]]) -> None:
    ours = {metric[1] for one in widgets[1:] for metric in one["properties"]["metrics"] if metric[0] == "Sluice"}
    counted = set(re.findall(r"(\w+)=", " ".join(re.findall(r"_count\((.+)\)", (ROOT / "app.py").read_text()))))

    assert ours == counted
