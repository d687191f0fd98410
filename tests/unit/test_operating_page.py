"""What docs/operating.md and the runbook say is so: every alarm is explained, and nothing else, by the template's
numbers.
"""

import re
from typing import Any

import pytest

from local.functions import FUNCTIONS
from local.paths import ROOT
from local.policies import Grant
from statemachine.asl import logical_id
from tests.template import read_template

PAGE = (ROOT / "docs" / "operating.md").read_text()
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text()
RESOURCES: dict[str, Any] = read_template()["Resources"]
ALARMS = {name: one["Properties"] for name, one in RESOURCES.items() if one.get("Type") == "AWS::CloudWatch::Alarm"}
WITH_LETTERS = ("OnFile", "OnMachineStopped", "PublishEvents")


def test_the_runbook_says_of_every_alarm_what_it_means_where_to_look_and_what_to_do() -> None:
    sections = re.findall(
        r"^## (\w+)\n\n\*\*Says\.\*\* .+\n\n\*\*Look\.\*\* .+\n\n\*\*Do\.\*\* .+$", RUNBOOK, re.MULTILINE
    )

    assert sorted(sections) == sorted(ALARMS)
    assert RUNBOOK.count("\n## ") == len(ALARMS)


@pytest.mark.parametrize("alarm", ALARMS)
def test_every_alarm_names_its_part_of_the_runbook(alarm: str) -> None:
    assert ALARMS[alarm]["AlarmDescription"].endswith(f" Runbook: docs/runbook.md#{alarm.lower()}.")


@pytest.mark.parametrize("alarm", ALARMS)
def test_every_alarm_is_heard(alarm: str) -> None:
    assert ALARMS[alarm]["AlarmActions"]
    assert ALARMS[alarm]["AlarmDescription"].endswith(".")


@pytest.mark.parametrize("function", WITH_LETTERS)
def test_what_eventbridge_calls_has_letters_of_both_kinds(function: str) -> None:
    properties = RESOURCES[function]["Properties"]
    rules = [one["Properties"] for one in properties["Events"].values() if "Pattern" in one["Properties"]]

    assert properties["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]["Destination"] == "DeadLetters.Arn"
    assert [one["DeadLetterConfig"] for one in rules] == [{"Arn": "DeadLetters.Arn"}]
    assert all(one["RetryPolicy"]["MaximumRetryAttempts"] for one in rules)


def test_whoever_has_letters_may_send_them_and_nobody_else() -> None:
    granted = {logical_id(one.name) for one in FUNCTIONS if Grant.SEND_LETTERS in one.grants}

    assert granted == set(WITH_LETTERS)


def test_only_the_rules_of_these_functions_may_write_into_the_queue() -> None:
    (statement,) = RESOURCES["DeadLettersPolicy"]["Properties"]["PolicyDocument"]["Statement"]

    assert statement["Condition"]["ArnEquals"]["aws:SourceArn"] == [
        "OnFileOnFileEvent.Arn",
        "OnMachineStoppedOnMachineStoppedEvent.Arn",
        "PublishEventsPublishAtOnce.Arn",
    ]


def test_letters_are_encrypted_and_kept_as_long_as_sqs_can() -> None:
    queue = RESOURCES["DeadLetters"]["Properties"]

    assert queue == {"MessageRetentionPeriod": 14 * 24 * 3600, "SqsManagedSseEnabled": True}
    assert "encrypted, for 14 days" in PAGE


def test_the_api_is_called_slow_before_its_time_is_over() -> None:
    api = next(one for one in FUNCTIONS if one.name == "api_handler")

    assert ALARMS["ApiSlowAlarm"]["Threshold"] == 20_000 < api.timeout_s * 1000
    assert f"more than 20 of the {api.timeout_s} seconds" in RUNBOOK
