"""A small model of CloudWatch's alarms: metric data in, the periods at whose end an alarm rings out.

It knows the expressions that the template uses, which fill what is missing before they compute; any other is an error.
A sum without FILL may be missing as a whole where one of its metrics is, and metrics have gaps where nothing happens.
Source:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Json = dict[str, Any]
Series = Sequence[float | None]
"""A value for each period; None where nothing was counted."""
Key = tuple[str, str]
"""A metric's name and the value of its last dimension, which in the template is a resource's logical id."""
Data = Mapping[Key, Series]

MINUTE_S = 60
EXPRESSIONS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "SUM(FILL(METRICS(), 0))": sum,
    "MAX(FILL(METRICS(), 0))": max,
}
COMPARISONS = {"GreaterThanThreshold": operator.gt}
NOT_BREACHING = "notBreaching"


def rings(alarm: Json, data: Data, periods: int) -> list[int]:
    """Returns the numbers of the periods at whose end the alarm is in the state ALARM."""
    assert alarm["TreatMissingData"] == NOT_BREACHING
    breaches = COMPARISONS[alarm["ComparisonOperator"]]
    values = [_value(alarm, data, period) for period in range(periods)]
    over = [value is not None and bool(breaches(value, alarm["Threshold"])) for value in values]
    wanted = alarm["EvaluationPeriods"]
    return [end for end in range(periods) if end + 1 >= wanted and all(over[end + 1 - wanted : end + 1])]


def period_of(alarm: Json) -> int:
    """Returns the seconds of a period, which are the same for all metrics of an alarm."""
    [period] = {one["MetricStat"]["Period"] for one in alarm.get("Metrics", []) if "MetricStat" in one} or {
        alarm["Period"]
    }
    return int(period)


def metrics_of(alarm: Json) -> list[Key]:
    """Returns the metrics that an alarm looks at."""
    if "MetricName" in alarm:
        return [_key(alarm)]
    return [_key(one["MetricStat"]["Metric"]) for one in alarm["Metrics"] if "MetricStat" in one]


def _value(alarm: Json, data: Data, period: int) -> float | None:
    found = [_at(data, key, period) for key in metrics_of(alarm)]
    if "MetricName" in alarm:
        return found[0]
    [expression] = [one["Expression"] for one in alarm["Metrics"] if "Expression" in one]
    assert [one.get("ReturnData", True) for one in alarm["Metrics"]].count(True) == 1
    return EXPRESSIONS[expression]([value or 0 for value in found])


def _at(data: Data, key: Key, period: int) -> float | None:
    series = data.get(key, ())
    return series[period] if period < len(series) else None


def _key(metric: Json) -> Key:
    dimensions = metric.get("Dimensions", [])
    return metric["MetricName"], dimensions[-1]["Value"] if dimensions else ""
