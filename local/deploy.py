"""What `make run` deploys: a package, on the emulator that it has started.

In goes a package and the stack's parameters; out come the stack's outputs. What differs from AWS is what
`for_emulator` does to the template, and the time to live of tables (see `set_time_to_live`).
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.aws import Aws
from local.deploying.cloudformation_stack import CloudFormationStack
from local.deploying.old_versions import remove_old_versions
from local.deploying.parameters import DEPLOYMENT, name_deployment
from local.package import Package
from local.paths import EMULATOR_PYTHON
from local.template import Template, each_function

STACK = "sluice"
ARTIFACTS = "sluice-artifacts"
DEPLOYED = "deployed"
"""An object with the digest of what is deployed. It goes when something else begins to be deployed."""
DEPLOY_S = 120
LOOK_EVERY_S = 0.1
BOOTSTRAP = """#!/bin/sh
exec {python} -m awslambdaric "$_HANDLER"
"""


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
    template = for_emulator(json.loads(package.template.read_text()))
    point_at_bundle(template, ARTIFACTS, package.bundle_key)
    _upload(aws, package, template)
    stack = stack_on(aws)
    named = {**parameters, DEPLOYMENT: name_deployment(parameters, _digest(package, parameters), None)}
    changes = stack.propose(f"{aws.url}/{ARTIFACTS}/{package.template_key}", named)
    outputs = stack.execute(changes) if changes else stack.find_outputs() or {}
    set_time_to_live(aws.dynamodb, stack.resources(), template)
    remove_old_versions(aws.client, stack.each_resource(), kept_s=0)
    _remove_older(aws, package)
    return outputs


def stack_on(aws: Aws) -> CloudFormationStack:
    """Returns the stack that `make run` deploys."""
    return CloudFormationStack(aws.cloudformation, STACK, look_every_s=LOOK_EVERY_S, within_s=DEPLOY_S)


def find_outputs(aws: Aws) -> dict[str, str] | None:
    """Returns the outputs of the stack that is deployed, or None if none is."""
    return stack_on(aws).find_outputs()


def set_time_to_live(dynamodb: Any, resources: Mapping[str, str], template: Template) -> None:
    """Makes the tables delete what has expired, which the emulator's CloudFormation drops without a word. Tables are
    found among the physical ids of resources by their logical ids.

    Point-in-time recovery, lifecycle rules and encryption stay in the template alone, for AWS.
    """
    for logical_id, resource in template["Resources"].items():
        is_made = logical_id in resources  # else the stack uses a table that it was given
        if is_made and resource["Type"] == "AWS::DynamoDB::Table":
            live = resource["Properties"]["TimeToLiveSpecification"]
            dynamodb.update_time_to_live(TableName=resources[logical_id], TimeToLiveSpecification=live)


def for_emulator(template: Template) -> Template:
    """Returns the template with a custom runtime for every function, so that they run under AWS's own runtime client,
    without the address of DynamoDB on AWS, and without the policy that refuses requests without TLS.

    With a Python runtime the emulator runs functions inside an interpreter of its own making, where every exception
    bears one name and Retry never matches.
    """
    template["Globals"]["Function"]["Environment"]["Variables"]["SLUICE_DYNAMODB_URL"] = ""
    template["Resources"].pop("BucketPolicy", None)
    for function in each_function(template):
        function["Runtime"] = "provided.al2023"
    return template


def point_at_bundle(template: Template, bucket: str, key: str) -> None:
    """Has the functions run from a bundle that lies in a bucket."""
    for function in each_function(template):
        function["CodeUri"] = {"Bucket": bucket, "Key": key}


def with_bootstrap(bundle: Path) -> bytes:
    """Returns the bundle with the entry point of a custom runtime."""
    copy = io.BytesIO(bundle.read_bytes())
    entry = zipfile.ZipInfo("bootstrap")
    entry.external_attr = 0o755 << 16
    with zipfile.ZipFile(copy, "a") as archive:
        archive.writestr(entry, BOOTSTRAP.format(python=EMULATOR_PYTHON))
    return copy.getvalue()


def _digest(package: Package, parameters: Mapping[str, str]) -> str:
    text = json.dumps([package.fingerprint, str(EMULATOR_PYTHON), sorted(parameters.items())])
    return hashlib.sha256(text.encode()).hexdigest()


def _deployed(aws: Aws) -> str | None:
    try:
        return aws.s3.get_object(Bucket=ARTIFACTS, Key=DEPLOYED)["Body"].read().decode()
    except aws.s3.exceptions.ClientError:
        return None


def _upload(aws: Aws, package: Package, template: Template) -> None:
    aws.s3.create_bucket(Bucket=ARTIFACTS)
    aws.s3.delete_object(Bucket=ARTIFACTS, Key=DEPLOYED)
    aws.s3.put_object(Bucket=ARTIFACTS, Key=package.bundle_key, Body=with_bootstrap(package.bundle))
    aws.s3.put_object(Bucket=ARTIFACTS, Key=package.template_key, Body=json.dumps(template).encode())


def _remove_older(aws: Aws, package: Package) -> None:
    """Removes the bundles of older packages, by which the state folder would grow with every change of the code."""
    for artifact in aws.s3.list_objects_v2(Bucket=ARTIFACTS).get("Contents", []):
        if not artifact["Key"].startswith(package.fingerprint):
            aws.s3.delete_object(Bucket=ARTIFACTS, Key=artifact["Key"])
