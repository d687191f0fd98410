"""What `sam deploy` does, on the emulator: the bundle to S3, the template through a change set, then wait.

In goes a package and the stack's parameters; out come the stack's outputs. Two things differ from AWS: the functions'
`Runtime` (see `for_emulator`) and the time to live of tables (see `set_time_to_live`).
"""

import hashlib
import io
import json
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

from local.aws import Aws
from local.package import Package
from local.paths import EMULATOR_PYTHON
from local.template import Template

STACK = "sluice"
ARTIFACTS = "sluice-artifacts"
DEPLOYED = "deployed"
"""An object with the digest of what is deployed. It goes when something else begins to be deployed."""
DEPLOY_S = 120
BOOTSTRAP = """#!/bin/sh
exec {python} -m awslambdaric "$_HANDLER"
"""


class DeployFailed(Exception):
    """Raised if CloudFormation rolled back; the message holds its reasons."""


def deploy_unless_there(aws: Aws, package: Package, parameters: Mapping[str, str]) -> Mapping[str, str]:
    """Deploys the package unless it is deployed with these parameters, which takes seconds, and returns the outputs of
    the stack. What is deployed stands in the emulator itself, so that both are restored together. Raises DeployFailed.
    """
    wanted = _digest(package, parameters)
    there = find_outputs(aws) if _deployed(aws) == wanted else None
    if there is None:
        there = deploy(aws, package, parameters)
        aws.s3.put_object(Bucket=ARTIFACTS, Key=DEPLOYED, Body=wanted.encode())
    return there


def deploy(aws: Aws, package: Package, parameters: Mapping[str, str]) -> dict[str, str]:
    """Deploys the package to the emulator and returns the outputs of the stack. Raises DeployFailed."""
    template = for_emulator(json.loads(package.template.read_text()), package)
    _upload(aws, package, template)
    _execute_change_set(aws, package, parameters)
    outputs = _wait(aws)
    set_time_to_live(aws, STACK, template)
    _remove_older(aws, package)
    return outputs


def find_outputs(aws: Aws) -> dict[str, str] | None:
    """Returns the outputs of the stack that is deployed, or None if none is."""
    try:
        stack = aws.cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
    except aws.cloudformation.exceptions.ClientError:
        return None
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def set_time_to_live(aws: Aws, stack: str, template: Template) -> None:
    """Makes the tables delete what has expired, which the emulator's CloudFormation drops without a word.

    Point-in-time recovery, lifecycle rules, encryption and alarms stay in the template alone, for AWS.
    """
    resources = aws.cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    names = {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources}
    for logical_id, resource in template["Resources"].items():
        if resource["Type"] == "AWS::DynamoDB::Table":
            live = resource["Properties"]["TimeToLiveSpecification"]
            aws.dynamodb.update_time_to_live(TableName=names[logical_id], TimeToLiveSpecification=live)


def for_emulator(template: Template, package: Package) -> Template:
    """Returns the template with a custom runtime for every function, so that they run under AWS's own runtime client.

    With a Python runtime the emulator runs functions inside an interpreter of its own making, where every exception
    bears one name and Retry never matches.
    """
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["Runtime"] = "provided.al2023"
            resource["Properties"]["CodeUri"] = {"Bucket": ARTIFACTS, "Key": _bundle_key(package)}
    return template


def _digest(package: Package, parameters: Mapping[str, str]) -> str:
    text = json.dumps([package.fingerprint, str(EMULATOR_PYTHON), sorted(parameters.items())])
    return hashlib.sha256(text.encode()).hexdigest()


def _deployed(aws: Aws) -> str | None:
    try:
        return aws.s3.get_object(Bucket=ARTIFACTS, Key=DEPLOYED)["Body"].read().decode()
    except aws.s3.exceptions.ClientError:
        return None


def _bundle_key(package: Package) -> str:
    return f"{package.fingerprint}.zip"


def _template_key(package: Package) -> str:
    return f"{package.fingerprint}.json"


def _upload(aws: Aws, package: Package, template: Template) -> None:
    aws.s3.create_bucket(Bucket=ARTIFACTS)
    aws.s3.delete_object(Bucket=ARTIFACTS, Key=DEPLOYED)
    aws.s3.put_object(Bucket=ARTIFACTS, Key=_bundle_key(package), Body=_with_bootstrap(package.bundle))
    aws.s3.put_object(Bucket=ARTIFACTS, Key=_template_key(package), Body=json.dumps(template).encode())


def _remove_older(aws: Aws, package: Package) -> None:
    """Removes the bundles of older packages, by which the state folder would grow with every change of the code."""
    for artifact in aws.s3.list_objects_v2(Bucket=ARTIFACTS).get("Contents", []):
        if not artifact["Key"].startswith(package.fingerprint):
            aws.s3.delete_object(Bucket=ARTIFACTS, Key=artifact["Key"])


def _with_bootstrap(bundle: Path) -> bytes:
    """The bundle with the entry point of a custom runtime."""
    copy = io.BytesIO(bundle.read_bytes())
    entry = zipfile.ZipInfo("bootstrap")
    entry.external_attr = 0o755 << 16
    with zipfile.ZipFile(copy, "a") as archive:
        archive.writestr(entry, BOOTSTRAP.format(python=EMULATOR_PYTHON))
    return copy.getvalue()


def _execute_change_set(aws: Aws, package: Package, parameters: Mapping[str, str]) -> None:
    cloudformation = aws.cloudformation
    made = cloudformation.create_change_set(
        StackName=STACK,
        ChangeSetName=f"c{time.time_ns()}",
        ChangeSetType="CREATE" if find_outputs(aws) is None else "UPDATE",
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        TemplateURL=f"{aws.url}/{ARTIFACTS}/{_template_key(package)}",
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
    )
    waiter = cloudformation.get_waiter("change_set_create_complete")
    waiter.wait(ChangeSetName=made["Id"], WaiterConfig={"Delay": 1, "MaxAttempts": DEPLOY_S})
    cloudformation.execute_change_set(ChangeSetName=made["Id"])


def _wait(aws: Aws) -> dict[str, str]:
    deadline = time.monotonic() + DEPLOY_S
    while time.monotonic() < deadline:
        status = aws.cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]["StackStatus"]
        if status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
            return find_outputs(aws) or {}
        if not status.endswith("_IN_PROGRESS"):
            raise DeployFailed(f"{status}: {_reasons(aws)}")
        time.sleep(0.1)
    raise DeployFailed(f"not deployed after {DEPLOY_S} s")


def _reasons(aws: Aws) -> str:
    events = aws.cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
    failed = [event for event in events if "FAILED" in event.get("ResourceStatus", "")]
    return "; ".join(f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}" for event in failed)
