"""The schemas of export schedules have the fields that are rendered."""

from typing import Any

from chalicelib.api.packagex.schedules.openapi import FEATURE
from chalicelib.api.packagex.schedules.responses import render_schedule
from chalicelib.api.packagex.schedules.routes import list_runs
from chalicelib.api.packagex.schedules.schemas import PackageXSchedule, PackageXScheduleRun
from tests.world import a_schedule


def test_a_schedule_has_the_fields_of_its_schema_in_their_order() -> None:
    assert list(render_schedule(a_schedule())) == list(PackageXSchedule.__annotations__)


def test_a_run_has_the_fields_of_its_schema_in_their_order() -> None:
    [success] = FEATURE.operations[list_runs].successes
    answer: Any = success.examples["an answer"]

    assert list(answer["data"][0]) == list(PackageXScheduleRun.__annotations__)
