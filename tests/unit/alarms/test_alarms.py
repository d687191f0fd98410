"""Each alarm rings on its fault, as CloudWatch would have recorded it, and is quiet on a healthy day.

A healthy day has gaps wherever nothing happens, as metrics of AWS do, retries that went well, and short throttles.
"""

from typing import Any

import pytest

from tests.template import read_template
from tests.unit.alarms.cloudwatch import Data, Key, Series, metrics_of, period_of, rings

ALARMS: dict[str, Any] = {
    name: one["Properties"] for name, one in read_template()["Resources"].items() if name.endswith("Alarm")
}
DAY = 288
"""Periods of five minutes."""
STACK, API_STAGE, ACCOUNT = "AWS::StackName", "api", ""


def now_and_then(value: float, *, every: int) -> Series:
    """A day on which something is counted every few periods and nothing in between."""
    return [value if period % every == 0 else None for period in range(DAY)]


def at(*periods: int, value: float = 1, otherwise: float | None = None) -> Series:
    """A day on which something is counted in these periods alone."""
    return [value if period in periods else otherwise for period in range(DAY)]


HEALTHY: Data = {
    ("ExecutionsFailed", "ImportMachine"): now_and_then(0, every=7),
    ("ExecutionsFailed", "ExportMachine"): now_and_then(0, every=11),
    ("Errors", "APIHandler"): [0] * DAY,
    ("Errors", "OnFile"): now_and_then(0, every=7),
    ("Errors", "Reap"): [0] * DAY,
    ("Errors", "RunSchedules"): [0] * DAY,
    ("Errors", "PublishEvents"): [0] * DAY,
    ("RunsFailed", STACK): at(40, 41, otherwise=0),  # a destination that was down for ten minutes
    ("SweepTrouble", STACK): [0] * DAY,
    ("Throttles", ACCOUNT): at(100, 101, value=30, otherwise=0),  # the first minutes of a large import
    ("WriteThrottleEvents", "RecordsTable"): at(*range(100, 106), value=400),  # until the table has grown
    ("ReadThrottleEvents", "RecordsTable"): at(103, value=7),
    ("ApproximateNumberOfMessagesVisible", "DeadLetters.QueueName"): [0] * DAY,
    ("AsyncEventAge", "OnFile"): now_and_then(900, every=7),
    ("Duration", "APIHandler"): at(20, value=26_000, otherwise=1_200),  # one export of cStar at its limit
    ("5XXError", API_STAGE): [0] * DAY,
}

FAULTS: dict[str, dict[Key, Series]] = {
    "ImportsFailedAlarm": {("ExecutionsTimedOut", "ImportMachine"): at(50)},
    "ExportsFailedAlarm": {("ExecutionsFailed", "ExportMachine"): at(50, otherwise=0)},
    "FunctionErrorsAlarm": {("Errors", "OnMachineStopped"): at(50)},
    "SchedulesAlarm": {("SweepTrouble", STACK): at(50, 51, 52, otherwise=0)},
    "ThrottlesAlarm": {("Throttles", ACCOUNT): at(50, 51, 52, value=12)},
    "TableThrottlesAlarm": {("WriteThrottleEvents", "RecordsTable"): at(*range(50, 62), value=3)},
    "DeadLettersAlarm": {("ApproximateNumberOfMessagesVisible", "DeadLetters.QueueName"): at(50, otherwise=0)},
    "LettersLostAlarm": {("DestinationDeliveryFailures", "OnFile"): at(50)},
    "EventsWaitAlarm": {("AsyncEventAge", "OnFile"): at(50, value=601_000)},
    "ApiSlowAlarm": {("Duration", "APIHandler"): at(50, 51, 52, value=21_000, otherwise=1_200)},
    "ApiErrorsAlarm": {("5XXError", API_STAGE): at(50, otherwise=0)},
}
"""What was recorded on the day of the fault, beyond or instead of a healthy day's."""


def test_every_alarm_has_its_fault() -> None:
    assert FAULTS.keys() == ALARMS.keys()


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_is_quiet_on_a_healthy_day_and_where_nothing_happens_at_all(name: str) -> None:
    assert rings(ALARMS[name], HEALTHY, DAY) == []
    assert rings(ALARMS[name], {}, DAY) == []


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_rings_on_its_fault_and_stops_when_it_is_over(name: str) -> None:
    ringing = rings(ALARMS[name], {**HEALTHY, **FAULTS[name]}, DAY)

    assert ringing
    assert min(ringing) >= 50
    assert max(ringing) <= 62


@pytest.mark.parametrize("name", ALARMS)
def test_the_fault_of_an_alarm_rings_no_other(name: str) -> None:
    others = {other for other in ALARMS if other != name and rings(ALARMS[other], {**HEALTHY, **FAULTS[name]}, DAY)}

    assert others == set()


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_rings_for_each_of_its_metrics_alone(name: str) -> None:
    alarm = ALARMS[name]
    highest = alarm["Threshold"] + 1

    for metric in metrics_of(alarm):
        assert rings(alarm, {metric: [highest] * DAY}, DAY), metric
    assert period_of(alarm) == 300
