import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.model.exports import ExportStatus
from chalicelib.model.imports import Stats, Status, UploadMode, pending_phases
from chalicelib.webhooks.measurements import each_measurement
from local.dashboard import dashboard_body
from local.paths import ROOT
from tests.template import read_template
from tests.world import an_export, an_import

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
    tables = {"RecordsTable", "ControlTable", "IdempotencyTable"}

    assert named <= {"APIHandler", "OnFile", "ImportMachine", "ExportMachine", "DeadLetters", *tables}
    assert len(metrics) > 20
    assert "enant" not in json.dumps(metrics)


def test_graphs_of_our_own_metrics_show_what_functions_measure_and_nothing_else(widgets: list[dict[str, Any]]) -> None:
    metrics = [metric for one in widgets[1:] for metric in one["properties"]["metrics"]]
    by_name = {(one[1], dimensions_in(one[2:])) for one in metrics if one[0] == "Sluice"}
    found = {metric for one in metrics for metric in searched(one[0]) if metric}

    assert by_name | found == set(measured())


def test_alarms_on_our_own_metrics_look_at_what_functions_measure() -> None:
    properties = [RESOURCES[name]["Properties"] for name in ALARMS]
    looked_at = [
        metric
        for one in properties
        for metric in [one, *(m["MetricStat"]["Metric"] for m in one.get("Metrics", []) if "MetricStat" in m)]
        if metric.get("Namespace") == "Sluice"
    ]

    assert len(looked_at) >= 2
    for metric in looked_at:
        names = frozenset(one["Name"] for one in metric["Dimensions"])
        assert (metric["MetricName"], names - {"service", "stack"}) in set(measured())


def test_the_cost_is_that_of_units_and_of_the_time_of_functions(widgets: list[dict[str, Any]]) -> None:
    [cost] = [one["properties"]["metrics"] for one in widgets if one["properties"].get("title") == "Estimated cost"]

    assert cost[0][0]["expression"].startswith("FILL(m0,0)*1.25e-07+")
    assert [one[1:4:2] for one in cost[-2:]] == [["Duration", "${APIHandler}"], ["Duration", "${OnFile}"]]


def measured() -> Iterator[tuple[str, frozenset[str]]]:
    """Every metric that functions write, by name and dimensions: counts of `app.py`, and what ends of jobs give."""
    app = (ROOT / "app.py").read_text()
    counted = " ".join(re.findall(r"_count\((.+)\)", app))
    yield from ((name, frozenset()) for name in re.findall(r"(\w+)=", counted))
    yield from ((name, frozenset({"job"})) for name in ("JobsRunning", "JobsWaiting") if f'"{name}"' in app)
    ended = an_import(
        Status.COMPLETED,
        stats=Stats(total=1, created=1),
        problem_counts={"required": 1},
        phases=tuple(replace(one, started_at=1, ended_at=3) for one in pending_phases(UploadMode.ASYNC)),
    )
    jobs = (ended, an_export(ExportStatus.COMPLETED))
    yield from ((one.name, frozenset(one.dimensions)) for job in jobs for one in each_measurement(job))


def dimensions_in(texts: list[Any]) -> frozenset[str]:
    return frozenset(one for one in texts[::2] if isinstance(one, str)) - {"service", "stack"}


def searched(given: Any) -> Iterator[tuple[str, frozenset[str]]]:
    """What a SEARCH finds."""
    expression = given["expression"] if isinstance(given, dict) else ""
    for schema, name in re.findall(r"\{Sluice,([\w,]+)\} MetricName=\"(\w+)\"", expression):
        yield name, frozenset(schema.split(",")) - {"service", "stack"}
