"""What docs/cost.md says a stack costs is what the template has and the bench has counted."""

import re
from itertools import product

import pytest

from local.paths import ROOT
from tests.template import read_template
from tests.unit.alarms.cloudwatch import metrics_of

PAGE = (ROOT / "docs" / "cost.md").read_text()
PERFORMANCE = (ROOT / "docs" / "performance.md").read_text()
ALARMS = [one["Properties"] for name, one in read_template()["Resources"].items() if name.endswith("Alarm")]
DOLLARS = 0.10
"""For each metric of an alarm, in a month (CloudWatch)."""


def test_the_alarms_cost_what_their_metrics_do() -> None:
    metrics = sum(len(metrics_of(alarm)) for alarm in ALARMS)

    assert f"{len(ALARMS)} alarms over {metrics} metrics" in PAGE
    assert f"| ${metrics * DOLLARS:.2f} |" in PAGE


def test_a_million_new_rows_cost_what_the_bench_has_counted() -> None:
    for resource, where in product(("customers", "tickets"), (", the first ones", " beside others")):
        [counted] = re.findall(rf"cost per million rows, {resource}{where} \| \$([\d.]+)", PERFORMANCE)
        [told] = re.findall(rf"new {resource} with [^|]+{where.removesuffix(' others')}[^|]* \| \$([\d.]+) \|", PAGE)
        assert float(told) == pytest.approx(float(counted), rel=0.1), "write the figure of docs/performance.md"
