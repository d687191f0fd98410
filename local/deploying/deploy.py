"""`make deploy`: from the code to a stack that has imported and exported, in one command that may be repeated.

python -m local.deploying.deploy --stage prod                                  by the credentials that botocore finds
python -m local.deploying.deploy --stage prod CorsOrigin=https://app.example.com parameters.json
python -m local.deploying.deploy --stage prod --endpoint http://127.0.0.1:4566 --yes     into an emulator

It packages, sends the package to a bucket, shows what would change, asks, changes it, makes the first tenant and key
where there is none, imports and exports through the public address, and says what comes next.
"""

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.text import Text

from chalicelib.access.api_keys import KeyIssuer
from local.administration.keys import new_secret
from local.demo import new_console
from local.deploy import set_time_to_live
from local.deployed_stack import DeployedStack
from local.deploying.artifacts import keep_package, template_for
from local.deploying.cloudformation_stack import ChangeSet, DeployFailed
from local.deploying.first_keys import each_tenant, make_first_key, smoke_tenant_of, smoke_test_key
from local.deploying.left_behind import left_by_earlier
from local.deploying.old_versions import remove_old_versions
from local.deploying.parameters import (
    CONCURRENCY,
    DEPLOYMENT,
    complete_parameters,
    largest_concurrency,
    name_deployment,
    read_parameters,
)
from local.deploying.screen import changes_table, showing_events
from local.deploying.smoke_test import SmokeTestFailed, run_smoke_test, wait_for_answer
from local.deploying.target import Target, default_stack_name, open_target, target_arguments
from local.key_tables import keys_of
from local.package import AS_SOURCE, Package, make_package
from local.template import Template
from local.waiting import waiting
from local.wheels import runtime_of
from sluice import SluiceError

DOMAIN_S = 10.0
"""How long a domain is waited for, which may not lead anywhere yet."""
NEXT = """
Serving at {url}
Console: {url}/console
All requests: {url}/docs
Another key: make admin DO="--stack {stack} keys create --tenant UUID --kind px"
Parameters, a domain, alarms: docs/deploying.md; what to do when something is wrong: docs/operating.md
The next version: the same command. The end: make destroy STAGE={stage}"""
FIRST_KEY = """
Tenant     {tenant}
Key        {secret}
It is shown this once and stored as a digest only: keep it now."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """A package on its way to a target."""

    target: Target
    stage: str
    package: Package
    template: Template
    console: Console
    is_asking: bool

    def tell(self, line: str) -> None:
        """Prints a line."""
        self.console.print(line, highlight=False, soft_wrap=True, markup=False)


def main(arguments: Sequence[str] | None = None) -> None:
    """Deploys what the arguments say. Exits with status 1 and the reason where that fails."""
    given = read_arguments(arguments)
    try:
        deploy(given)
    except (DeployFailed, SmokeTestFailed, SluiceError, BotoCoreError, ClientError) as error:
        raise SystemExit(f"{type(error).__name__}: {error}") from None


def read_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Returns the arguments, parsed. Exits with a usage line where they are wrong."""
    parser = target_arguments("make deploy", "Deploy a stage of Sluice.")
    parser.add_argument("parameters", nargs="*", help="Name=value, or a JSON file of them")
    return parser.parse_args(arguments)


def deploy(given: argparse.Namespace) -> None:
    """Does all of it. Raises DeployFailed, SmokeTestFailed, and what botocore and the client raise."""
    target = open_target(given.stack or default_stack_name(given.stage), given.endpoint)
    deployment = _packaged(target, given)
    parameters = read_parameters(given.parameters, deployment.template)
    with waiting("sending the package"):
        url = keep_package(target, deployment.package)
    before = target.stack.find()
    if before is None and CONCURRENCY not in parameters:
        parameters[CONCURRENCY] = _concurrency_of(target, deployment.template)
    with waiting("asking what would change"):
        wanted = complete_parameters(parameters, deployment.template, given.stage, before)
        named = name_deployment(wanted, deployment.package.fingerprint, before)
        change_set = target.stack.propose(url, {**wanted, DEPLOYMENT: named})
    outputs = _changed(deployment, change_set)
    _prove(deployment, DeployedStack(target.stack_name, target.session, outputs, target.endpoint))


def api_url(deployment: Deployment, outputs: Mapping[str, str]) -> str:
    """Returns where the API answers: an emulator has it under its own address, and a domain may not lead to it yet."""
    if deployment.target.endpoint:
        return f"{deployment.target.endpoint}/restapis/{outputs['RestAPIId']}/api/_user_request_"
    if public := outputs.get("PublicUrl"):
        try:
            wait_for_answer(f"{public}/v1/health", DOMAIN_S)
        except SmokeTestFailed as error:
            target = outputs.get("DomainTarget", "the output ApiUrl")
            deployment.tell(f"{error} Has it a DNS record that leads to {target}? Until then:")
        else:
            return public
    return outputs["ApiUrl"]


def _packaged(target: Target, given: argparse.Namespace) -> Deployment:
    with waiting("packaging"):
        package = make_package(given.stage, for_emulator=target.endpoint is not None)
    if target.endpoint is None and runtime_of(given.stage).compiler is None:
        print(AS_SOURCE, file=sys.stderr)
    template = template_for(target, package)
    return Deployment(target, given.stage, package, template, new_console(), is_asking=not given.yes)


def _concurrency_of(target: Target, template: Template) -> str:
    limit = target.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    return largest_concurrency(int(limit), template)


def _changed(deployment: Deployment, change_set: ChangeSet | None) -> dict[str, str]:
    """Executes the change set, once it has been agreed to, and returns the outputs of the stack."""
    stack = deployment.target.stack
    if change_set is None:
        deployment.tell(f"{deployment.target.in_words()}: nothing changes.")
        return stack.find_outputs() or {}
    deployment.tell(f"{deployment.target.in_words()}, {'new' if change_set.is_creation else 'changed'}:")
    deployment.console.print(changes_table(change_set))
    if deployment.is_asking and not agreed(deployment.target.stack_name):
        stack.withdraw(change_set)
        raise SystemExit("Nothing was changed.")
    with showing_events(deployment.console, "deploying", len(change_set.changes)) as hear:
        outputs = stack.execute(change_set, hear)
    if deployment.target.endpoint:
        set_time_to_live(deployment.target.client("dynamodb"), stack.resources(), deployment.template)
    deployment.tell(f"Deployed: {len(change_set.changes)} changes.")
    if change_set.is_creation and (left := left_by_earlier(deployment.target)):
        deployment.tell(left)
    if removed := remove_old_versions(deployment.target.client, stack.each_resource()):
        deployment.tell(f"Removed {removed} old versions of functions, which nothing calls any more.")
    return outputs


def agreed(stack_name: str) -> bool:
    """Returns whether the person in front of the terminal types the stack's name. Raises SystemExit where there is no
    terminal to ask.
    """
    if not sys.stdin.isatty():
        raise SystemExit("There is no terminal to ask: YES=1 agrees beforehand. Nothing was changed.")
    return input(f"Go on? Type {stack_name}: ").strip() == stack_name


def _prove(deployment: Deployment, stack: DeployedStack) -> None:
    """Makes the first key, sees the stack import and export, and says what comes next."""
    url = api_url(deployment, stack.outputs)
    issuer = KeyIssuer(keys=keys_of(stack).keys, now=int(time.time()), new_secret=new_secret)
    smoke_tenant = smoke_tenant_of(stack.name)
    first = make_first_key(issuer, each_tenant(stack), smoke_tenant)
    if first is not None:
        deployment.tell(FIRST_KEY.format(tenant=first.tenant_id, secret=first.secret))
    deployment.console.print(Text("\nSmoke test"))
    with smoke_test_key(issuer, smoke_tenant) as secret:
        run_smoke_test(url, secret, lambda line: deployment.tell(f"  {line}"))
    deployment.tell(NEXT.format(url=url, stack=stack.name, stage=deployment.stage))


if __name__ == "__main__":
    main()
