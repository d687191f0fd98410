"""The packaged template, finished: the state machines and the shares of concurrency put in, the stage and the origin
of preflights named, parameters for stores that are there already, anchors gone.

In goes the YAML that `chalice package` writes, with anchors that CloudFormation refuses; out comes plain JSON.
Maps are distributed, so that each task is an execution with a history of its own (one history ends at 25,000 events);
the few tasks that run on this machine are inline, which is quicker. A number that a parameter decides stands in a
definition as a text, `"${MaxConcurrency}"`, so that it is JSON; it loses its quotation marks here, because a
substitution only replaces text.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from chalicelib.api.http.cross_origin import ALLOW_ORIGIN
from chalicelib.model.concurrency import ACCOUNTS, shares_of
from local.dashboard import dashboard_body
from local.existing_stores import let_use_existing
from statemachine.asl import DISTRIBUTED, INLINE, State
from statemachine.export_machine import export_machine
from statemachine.import_machine import import_machine

NUMBERS = re.compile(r'"(?P<key>MaxConcurrency)":\s*"(?P<value>\$\{\w+\})"')

LOCAL_STAGE = "local"
AWS_PYTHON = "3.13"
"""The release that the functions of all other stages run in, whichever packages them."""

LIVE = "live"
"""The alias of every function that leads to the version deployed last, as template.yaml names it."""

Template = dict[str, Any]


MACHINES = {"ImportMachine": import_machine, "ExportMachine": export_machine}
"""What returns the definition of each machine, by its logical id in the template."""


def finish_template(merged: str, stage: str) -> Template:
    """Returns the template of a stage, ready to be written, from the YAML that `chalice package` has merged."""
    template: Template = yaml.safe_load(merged)
    template["Parameters"]["Stage"]["Default"] = stage
    shares = concurrency_shares()
    template["Mappings"] = {"ConcurrencyShares": shares}
    template["Parameters"]["AccountConcurrency"]["AllowedValues"] = list(shares)
    template["Conditions"]["ReservesConcurrency"] = {"Fn::Not": [{"Fn::Or": _accounts_without_reserve(shares)}]}
    if stage != LOCAL_STAGE:
        _set_runtime(template)
    _publish_by_deployment(template)
    _set_log_retention(template)
    _let_roles_use_key(template)
    _fill_dashboard(template["Resources"])
    paths = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    allow_origin_of_parameter(paths)
    _call_what_is_live(paths)
    for machine, definition in definitions_of(stage).items():
        template["Resources"][machine]["Properties"]["DefinitionString"] = to_definition_string(definition)
    let_use_existing(template)
    return template


def allow_origin_of_parameter(paths: Mapping[str, Any]) -> None:
    """Names the origin of the parameter `CorsOrigin` in the answer to every preflight, for which Chalice knows words
    alone.
    """
    for methods in paths.values():
        answer = methods["options"]["x-amazon-apigateway-integration"]["responses"]["default"]
        answer["responseParameters"][f"method.response.header.{ALLOW_ORIGIN}"] = {"Fn::Sub": "'${CorsOrigin}'"}


def _call_what_is_live(paths: Mapping[str, Any]) -> None:
    """Has every route call the version that the alias leads to; Chalice knows neither."""
    for methods in paths.values():
        for method in methods.values():
            integration = method["x-amazon-apigateway-integration"]
            if uri := integration.get("uri"):
                uri["Fn::Sub"] = uri["Fn::Sub"].replace("${APIHandler.Arn}", f"${{APIHandler.Arn}}:{LIVE}")


def concurrency_shares() -> dict[str, dict[str, int]]:
    """Returns the mapping from which the template takes what is reserved and how many tasks a job may have at once, by
    the account's concurrency.
    """
    shares = {str(account): shares_of(account) for account in ACCOUNTS}
    return {
        account: {
            **{"Api": one.api, "Announcements": one.announcements, "Tasks": one.tasks},
            "Writers": one.writers,
        }
        for account, one in shares.items()
    }


def _accounts_without_reserve(shares: Mapping[str, Mapping[str, int]]) -> list[dict[str, Any]]:
    """Returns conditions that name them one by one: CloudFormation's conditions compare, and compute nothing."""
    accounts = [account for account, share in shares.items() if share["Api"] == 0]
    return [{"Fn::Equals": [{"Ref": "AccountConcurrency"}, account]} for account in accounts]


def _set_runtime(template: Template) -> None:
    """Chalice names the Python that it runs in itself."""
    for function in each_function(template):
        function["Runtime"] = f"python{AWS_PYTHON}"


def _publish_by_deployment(template: Template) -> None:
    """Publishes functions anew where the parameter `Deployment` says so; without it SAM does where code has changed,
    and looks at no parameter. It is no property that Globals may have.
    """
    for function in each_function(template):
        function["AutoPublishCodeSha256"] = {"Ref": "Deployment"}


def _set_log_retention(template: Template) -> None:
    """Chalice knows a number alone for the logs of functions."""
    for resource in template["Resources"].values():
        if resource.get("Type") == "AWS::Logs::LogGroup":
            resource["Properties"]["RetentionInDays"] = {"Ref": "LogRetentionDays"}


def _let_roles_use_key(template: Template) -> None:
    """Names the roles that read and write what is encrypted: those of functions."""
    roles = [function["Role"]["Fn::GetAtt"][0] for function in each_function(template)]
    template["Resources"]["KeyUse"]["Properties"]["Roles"] = [{"Ref": role} for role in sorted(set(roles))]


def _fill_dashboard(resources: dict[str, Any]) -> None:
    """Draws every function and names every alarm."""
    functions, alarms = (
        [name for name, one in resources.items() if one.get("Type") == kind]
        for kind in ("AWS::Serverless::Function", "AWS::CloudWatch::Alarm")
    )
    resources["Dashboard"]["Properties"]["DashboardBody"] = dashboard_body(sorted(functions), alarms)


def each_function(template: Template) -> Iterator[Any]:
    """Yields the properties of each Lambda function."""
    for resource in template["Resources"].values():
        if resource.get("Type") == "AWS::Serverless::Function":
            yield resource["Properties"]


def definitions_of(stage: str) -> dict[str, State]:
    """Returns the definitions of a stage's state machines, by logical id."""
    mode = INLINE if stage == LOCAL_STAGE else DISTRIBUTED
    return {machine: define(mode) for machine, define in MACHINES.items()}


def to_definition_string(definition: State) -> str:
    """Returns a state machine's JSON without blanks, in which placeholders of numbers are bare."""
    return NUMBERS.sub(r'"\g<key>":\g<value>', json.dumps(definition, separators=(",", ":")))


def write_template(template: Template, path: Path) -> None:
    """Writes the template as JSON without blanks: CloudFormation takes a megabyte."""
    path.write_text(json.dumps(template, separators=(",", ":")) + "\n")
