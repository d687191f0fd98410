import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.template import definitions_of, finish_template, to_definition_string, write_template

MERGED = """
Parameters: {Stage: &stage {Type: String}, AccountConcurrency: {Type: String}}
Conditions: {}
Resources:
  ImportMachine: {Properties: {Name: imports}}
  ExportMachine: {Properties: {Name: exports}}
  Dashboard: {Properties: {}}
  KeyUse: {Properties: {PolicyName: use-key}}
  Enter: {Type: "AWS::Serverless::Function", Properties: {Role: {"Fn::GetAtt": [EnterRole, Arn]}}}
  EnterLogs: {Type: "AWS::Logs::LogGroup", Properties: {RetentionInDays: 30}}
  RestAPI:
    Properties:
      DefinitionBody:
        paths:
          /v1/imports:
            options:
              x-amazon-apigateway-integration:
                responses:
                  default: {responseParameters: {method.response.header.Access-Control-Allow-Origin: "'*'"}}
Copy: *stage
"""


def test_a_number_that_a_parameter_decides_loses_its_quotation_marks() -> None:
    text = to_definition_string({"MaxConcurrency": "${Many}", "Comment": "${Text}"})

    assert text == '{"MaxConcurrency":${Many},"Comment":"${Text}"}'


@pytest.mark.parametrize(("stage", "is_distributed"), [("local", False), ("prod", True)])
def test_maps_are_distributed_but_on_this_machine(stage: str, is_distributed: bool) -> None:
    texts = [json.dumps(one) for one in definitions_of(stage).values()]

    assert [('"DISTRIBUTED"' in text) for text in texts] == [is_distributed] * 2


def find_accounts(condition: Any) -> Iterator[str]:
    """Yields the accounts that a condition excludes."""
    for one in condition["Fn::Not"][0]["Fn::Or"]:
        yield one["Fn::Equals"][1]


def test_a_finished_template_has_the_shares_of_every_account_that_may_be_named() -> None:
    template = finish_template(MERGED, "dev")

    shares = template["Mappings"]["ConcurrencyShares"]
    assert template["Parameters"]["AccountConcurrency"]["AllowedValues"] == list(shares)
    assert list(find_accounts(template["Conditions"]["ReservesConcurrency"])) == ["10", "50", "100"]
    assert shares["10"] == {"Api": 0, "Announcements": 0, "Tasks": 2, "Writers": 2}
    assert shares["1000"] == {"Api": 200, "Announcements": 20, "Tasks": 15, "Writers": 8}


def test_preflights_name_the_origin_of_the_parameter() -> None:
    paths = finish_template(MERGED, "dev")["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["paths"]

    answer = paths["/v1/imports"]["options"]["x-amazon-apigateway-integration"]["responses"]["default"]
    assert answer["responseParameters"] == {
        "method.response.header.Access-Control-Allow-Origin": {"Fn::Sub": "'${CorsOrigin}'"}
    }


def test_roles_of_functions_may_use_the_key_and_logs_are_kept_as_the_parameter_says() -> None:
    resources = finish_template(MERGED, "dev")["Resources"]

    assert resources["KeyUse"]["Properties"]["Roles"] == [{"Ref": "EnterRole"}]
    assert resources["EnterLogs"]["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}


def test_a_finished_template_names_its_stage_and_holds_both_machines(tmp_path: Path) -> None:
    write_template(finish_template(MERGED, "dev"), tmp_path / "template.json")

    written = json.loads((tmp_path / "template.json").read_text())
    assert written["Parameters"]["Stage"] == {"Type": "String", "Default": "dev"} == written["Copy"]
    for machine in ("ImportMachine", "ExportMachine"):
        assert '"States"' in written["Resources"][machine]["Properties"]["DefinitionString"]
