"""The dashboard of a stack, as CloudWatch is told of it: alarms first, then graphs of each part of the service.

Out comes the text of the property `DashboardBody`, with references that CloudFormation fills in. Its form:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bench.prices import GB_SECOND, READ_UNIT, WRITE_UNIT
from local.functions import FUNCTIONS
from statemachine.asl import logical_id

Json = dict[str, Any]
Metric = list[Any]
"""Namespace, name, names and values of dimensions, and in the end how it is drawn."""

COLUMNS = 24
WIDTH, HEIGHT = 8, 6
PERIOD_S = 300
OURS = "Sluice"
UNIT_PRICES = (("Read", READ_UNIT), ("Write", WRITE_UNIT))
TABLES = ("RecordsTable", "ControlTable", "IdempotencyTable")


@dataclass(frozen=True, slots=True)
class Graph:
    """A graph of a few metrics."""

    title: str
    metrics: tuple[Metric, ...]
    statistic: str = "Sum"


def dashboard_body(functions: Sequence[str], alarms: Iterable[str]) -> Json:
    """Returns the body for a template with these functions and alarms, by their logical ids."""
    widgets = [_alarms(alarms), *(_graph(one, index) for index, one in enumerate(_graphs(functions)))]
    return {"Fn::Sub": json.dumps({"widgets": widgets}, separators=(",", ":"))}


def _graphs(functions: Sequence[str]) -> list[Graph]:
    return [*_graphs_of_jobs(), *_graphs_of_parts(functions), Graph("Estimated cost", _cost(functions))]


def _graphs_of_jobs() -> list[Graph]:
    """What functions measure themselves when imports and exports end, and while they wait."""
    return [
        Graph("Imports and exports by how they ended", (_search("JobsEnded", "job", "status"),)),
        Graph("Rows a second by resource and outcome", (_search("Rows", "resource", "outcome", per_second=True),)),
        Graph("Problems of rows by code", (_search("Problems", "code"),)),
        Graph("Seconds that phases take (p90)", (_search("PhaseSeconds", "phase", statistic="p90"),)),
        Graph("Imports and exports that run and wait", _queue(), "Maximum"),
    ]


def _graphs_of_parts(functions: Sequence[str]) -> list[Graph]:
    machines = ("ImportMachine", "ExportMachine")
    ends = ("ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted")
    return [
        *(Graph(f"{one}: executions", tuple(_of_machine(end, one) for end in ends)) for one in machines),
        Graph("How long executions take (p90)", tuple(_of_machine("ExecutionTime", one) for one in machines), "p90"),
        Graph("Requests and refusals", tuple(_of_api(name) for name in ("Count", "4XXError", "5XXError"))),
        Graph("Answer times (p95)", (_of_api("Latency"), _of_api("IntegrationLatency")), "p95"),
        Graph("Errors of functions", tuple(_of_function("Errors", one) for one in functions)),
        Graph("Functions throttled", tuple(_of_function("Throttles", one) for one in functions)),
        Graph("Concurrent executions of the account", (["AWS/Lambda", "ConcurrentExecutions"],), "Maximum"),
        Graph("Records: units", tuple(_of_records(f"Consumed{one}CapacityUnits") for one in ("Read", "Write"))),
        Graph("Records: throttles", tuple(_of_records(f"{one}ThrottleEvents") for one in ("Read", "Write"))),
        Graph("Dead letters", (_letters("ApproximateNumberOfMessagesVisible"),), "Maximum"),
        Graph("Webhooks and events", tuple(map(_of_ours, ("DeliveriesTried", "AnnouncementsOwed")))),
        Graph(
            "Schedules and reaper",
            tuple(map(_of_ours, ("SchedulesFired", "RunsFailed", "ImportsReaped", "SweepTrouble"))),
        ),
        Graph("Requests that DynamoDB throttled", (_of_ours("RequestsThrottled"),)),
    ]


def _search(name: str, *dimensions: str, statistic: str = "Sum", per_second: bool = False) -> Metric:
    """Every metric of this name, whatever values its dimensions have."""
    schema = ",".join((OURS, *sorted(("service", "stack", *dimensions))))
    found = f"""SEARCH('{{{schema}}} MetricName="{name}" stack="${{AWS::StackName}}"', '{statistic}', {PERIOD_S})"""
    return [{"expression": f"{found}/{PERIOD_S}" if per_second else found, "label": "", "id": "found"}]


def _queue() -> tuple[Metric, ...]:
    return tuple(_of_ours(name, "job", job) for job in ("import", "export") for name in ("JobsRunning", "JobsWaiting"))


def _cost(functions: Sequence[str]) -> tuple[Metric, ...]:
    """US dollars in a period, for DynamoDB's units and the time of functions; `docs/cost.md` has the rest."""
    memory_mb = {logical_id(one.name).upper(): one.memory_mb for one in FUNCTIONS}
    known = [one for one in functions if one.upper() in memory_mb]
    prices = [
        *((_of_table(f"Consumed{kind}CapacityUnits", one), price) for kind, price in UNIT_PRICES for one in TABLES),
        *((_of_function("Duration", one), memory_mb[one.upper()] / 1024 * GB_SECOND / 1000) for one in known),
    ]
    hidden = ([*metric[:4], {"id": f"m{number}", "visible": False}] for number, (metric, _) in enumerate(prices))
    dollars = "+".join(f"FILL(m{number},0)*{price:.4g}" for number, (_, price) in enumerate(prices))
    return ([{"expression": dollars, "label": "US dollars in 5 minutes", "id": "dollars"}], *hidden)


def _alarms(alarms: Iterable[str]) -> Json:
    arns = [f"${{{name}.Arn}}" for name in sorted(alarms)]
    return {
        "type": "alarm",
        "x": 0,
        "y": 0,
        "width": COLUMNS,
        "height": 3,
        "properties": {"title": "Alarms", "alarms": arns},
    }


def _graph(graph: Graph, index: int) -> Json:
    in_row = COLUMNS // WIDTH
    properties = {
        "title": graph.title,
        "region": "${AWS::Region}",
        "view": "timeSeries",
        "period": PERIOD_S,
        "stat": graph.statistic,
        "metrics": list(graph.metrics),
    }
    place = {"x": index % in_row * WIDTH, "y": 3 + index // in_row * HEIGHT, "width": WIDTH, "height": HEIGHT}
    return {"type": "metric", **place, "properties": properties}


def _of_machine(name: str, machine: str) -> Metric:
    return ["AWS/States", name, "StateMachineArn", f"${{{machine}}}", {"label": f"{machine} {name}"}]


def _of_api(name: str) -> Metric:
    return ["AWS/ApiGateway", name, "ApiName", "${AWS::StackName}", "Stage", "api"]


def _of_function(name: str, function: str) -> Metric:
    return ["AWS/Lambda", name, "FunctionName", f"${{{function}}}", {"label": function}]


def _of_records(name: str) -> Metric:
    return _of_table(name, "RecordsTable")


def _of_table(name: str, table: str) -> Metric:
    return ["AWS/DynamoDB", name, "TableName", f"${{{table}}}"]


def _letters(name: str) -> Metric:
    return ["AWS/SQS", name, "QueueName", "${DeadLetters.QueueName}"]


def _of_ours(name: str, *dimension: str) -> Metric:
    return [OURS, name, "service", "sluice", "stack", "${AWS::StackName}", *dimension]
