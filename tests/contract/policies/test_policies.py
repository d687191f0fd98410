"""Policies allow what functions do, and no grant is there that none of its functions needs."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

import pytest

from local.functions import FUNCTIONS, LambdaFunction
from local.paths import ROOT
from local.policies import LEADING_KEYS, SECRETS, WRITE_ITEMS, Arn, Grant, policy_of
from tests.contract.policies.recorder import ACCOUNT, STACK_NAME, Use

EACH_FUNCTION = pytest.mark.parametrize("function", FUNCTIONS, ids=lambda one: one.name)

ABORT = "s3:AbortMultipartUpload"
UNUSED: dict[Grant, set[str]] = {
    Grant.WRITE_LOGS: set(Grant.WRITE_LOGS.actions),  # Lambda writes the log, not the code
    Grant.SEND_LETTERS: set(Grant.SEND_LETTERS.actions),  # Lambda sends them, not the code
    Grant.KEEP_RESPONSES: {"dynamodb:GetItem"},  # a write whose condition fails answers with the item
    **{one: {ABORT} for one in (Grant.WRITE_UPLOADS, Grant.WRITE_WORK, Grant.WRITE_RESULTS, Grant.WRITE_DELIVERIES)},
    # deleted are versions, by their ids
    **{
        one: {"s3:DeleteObject"}
        for one in (Grant.DELETE_UPLOADS, Grant.DELETE_WORK, Grant.DELETE_BEFORE_IMAGES, Grant.DELETE_RESULTS)
    },
    Grant.READ_WORK: {"s3:GetObjectVersion"},  # for parts of 5 MB that S3 puts together
}
"""What no scenario brings about, and why; only a multipart upload that fails is aborted."""


@pytest.fixture(scope="module")
def printed() -> list[str]:
    """The lines that the functions logged while they did their work, and behind them what they used."""
    command = [sys.executable, "-m", "tests.contract.policies"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def uses(printed: list[str]) -> set[Use]:
    return {Use(*one) for one in json.loads(printed[-1])}


@EACH_FUNCTION
def test_a_function_does_nothing_that_it_is_not_granted(function: LambdaFunction, uses: set[Use]) -> None:
    done = [one for one in uses if one.function == function.name]

    assert done
    assert [one for one in done if not any(is_allowed(one, grant) for grant in function.grants)] == []


def test_every_metric_bears_the_name_of_its_stack(printed: list[str]) -> None:
    metrics = [json.loads(line) for line in printed[:-1] if '"_aws"' in line]

    assert {"SchedulesFired", "ImportsReaped", "DeliveriesTried"} <= {name for one in metrics for name in one}
    for one in metrics:
        (written,) = one["_aws"]["CloudWatchMetrics"]
        assert all({"service", "stack"} <= set(dimensions) for dimensions in written["Dimensions"])
        assert one["stack"].startswith("contract-")


@pytest.mark.parametrize("grant", Grant)
def test_every_action_of_a_grant_is_used_by_a_function_that_has_it(grant: Grant, uses: set[Use]) -> None:
    holders = {function.name for function in FUNCTIONS if grant in function.grants}

    done = {one.action for one in uses if one.function in holders and is_allowed(one, grant)}

    assert set(grant.actions) - done == UNUSED.get(grant, set())


CONTROL_TABLE = f"arn:aws:dynamodb:{ACCOUNT}:table/{STACK_NAME}-control"
READS = ("dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:PartiQLSelect")
WRITES = (*WRITE_ITEMS, "dynamodb:BatchWriteItem", "dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate")
TELLERS = {
    *("api_handler", "run_phases", "run_phases_on_workbook", "finish_import", "steer_export"),
    *("on_file", "on_machine_stopped", "reap", "publish_events"),
}
WHO_READS: dict[str, set[str]] = {
    "KEY": {"api_handler"},
    "KEYS": {"api_handler", "on_file", "reap"},
    "TOKEN": {"api_handler"},
    "SESSION": {"api_handler"},
    "REQUESTS": set(),
    "WEBHOOKS": TELLERS,
}
WHO_WRITES: dict[str, set[str]] = {
    "KEY": set(),
    "KEYS": set(),
    "TOKEN": {"api_handler"},
    "SESSION": {"api_handler"},
    "REQUESTS": {"api_handler"},
    "WEBHOOKS": TELLERS,
}


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(("actions", "who"), [(READS, WHO_READS), (WRITES, WHO_WRITES)], ids=["read", "write"])
def test_secrets_are_denied_to_functions_that_do_not_need_them(
    secret: str, actions: tuple[str, ...], who: dict[str, set[str]]
) -> None:
    allowed = {
        function.name
        for function in FUNCTIONS
        for action in actions
        if is_permitted(Use(function.name, action, CONTROL_TABLE, f"{secret}#x"), function.grants)
    }

    assert allowed == who[secret]


def test_a_request_that_names_no_key_is_denied() -> None:
    scans = [Use(one.name, "dynamodb:Query", CONTROL_TABLE) for one in FUNCTIONS]

    assert not any(is_permitted(use, one.grants) for use, one in zip(scans, FUNCTIONS, strict=True))


@EACH_FUNCTION
def test_a_policy_is_no_longer_than_iam_takes(function: LambdaFunction) -> None:
    """10,240 characters for all policies inside a role, blanks not counted; the names come on top."""
    assert len(json.dumps(policy_of(function.grants)).replace(" ", "")) < 8_000


def is_permitted(use: Use, grants: Iterable[Grant]) -> bool:
    return any(is_allowed(use, grant) for grant in grants)


def is_allowed(use: Use, grant: Grant) -> bool:
    """As IAM decides by the statement that the policy has for the grant."""
    (statement,) = policy_of([grant])["Statement"]
    is_meant = any(fnmatchcase(use.resource, pattern) for arn in statement["Resource"] for pattern in [to_pattern(arn)])
    return use.action in statement["Action"] and is_meant and is_fulfilled(use, statement.get("Condition", {}))


def is_fulfilled(use: Use, condition: Mapping[str, Mapping[str, Any]]) -> bool:
    keys = [use.leading_key] if use.leading_key else []
    for comparison, values in condition.items():
        ((name, patterns),) = values.items()
        assert name == LEADING_KEYS
        like = [any(fnmatchcase(key, pattern) for pattern in patterns) for key in keys]
        decided = {
            "Null": bool(keys) is (patterns == "false"),
            "ForAllValues:StringLike": all(like),
            "ForAllValues:StringNotLike": not any(like),
        }
        if not decided[comparison]:
            return False
    return True


NAMES = {
    "AWS::Partition": "aws",
    "AWS::StackName": STACK_NAME,
    "EventBus": "default",
    "Bucket.Arn": f"arn:aws:s3:::{STACK_NAME}",
    "ControlTable.Arn": f"arn:aws:dynamodb:{ACCOUNT}:table/{STACK_NAME}-control",
    "RecordsTable.Arn": f"arn:aws:dynamodb:{ACCOUNT}:table/{STACK_NAME}-records",
    "IdempotencyTable.Arn": f"arn:aws:dynamodb:{ACCOUNT}:table/{STACK_NAME}-idempotency",
    "AWS::Region": ACCOUNT.partition(":")[0],
    "AWS::AccountId": ACCOUNT.partition(":")[2],
}


def to_pattern(arn: Arn) -> str:
    """With the names of the stack that was driven."""
    text = "${" + ".".join(arn["Fn::GetAtt"]) + "}" if "Fn::GetAtt" in arn else str(arn["Fn::Sub"])
    for name, value in NAMES.items():
        text = text.replace(f"${{{name}}}", value)
    return text
