"""The packaged template of prod: small enough for CloudFormation, each parameter described, checked and put to use."""

import json
import re
from typing import Any

import pytest

from local.paths import ROOT
from local.template import write_template
from tests.snapshots.stack import template_of_stage

Json = dict[str, Any]

CLOUDFORMATION_BYTES = 1_000_000
"""What CloudFormation takes from a bucket:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"""
RESOURCES = 500
PAGE = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
BASE_URL = {"Ref": "BaseUrl"}
SET_BY_STAGE = {"Stage", "LocalWebhooks"}
"""What no operator sets."""


@pytest.fixture(scope="module")
def template() -> Json:
    found: Json = template_of_stage("prod")
    return found


def test_the_template_leaves_a_third_of_what_cloudformation_takes(template: Json, tmp_path: Any) -> None:
    write_template(template, tmp_path / "template.json")

    assert (tmp_path / "template.json").stat().st_size < CLOUDFORMATION_BYTES * 2 / 3
    assert len(template["Resources"]) < RESOURCES / 2


def test_every_parameter_has_a_default_that_it_allows(template: Json) -> None:
    for name, one in template["Parameters"].items():
        default = str(one["Default"])
        assert re.fullmatch(one.get("AllowedPattern", ".*"), default), name
        assert default in map(str, one.get("AllowedValues", [default])), name
        if one["Type"] == "Number" and "MinValue" in one:
            assert one["MinValue"] <= float(default) <= one.get("MaxValue", float("inf")), name


def test_every_parameter_is_described_and_checked(template: Json) -> None:
    for name, one in template["Parameters"].items():
        assert one["Description"].endswith("."), name
        checks = {"AllowedPattern", "AllowedValues"} if one["Type"] == "String" else {"MinValue", "AllowedValues"}
        assert checks & one.keys(), name


def test_every_parameter_of_an_operator_is_on_the_page_with_its_default(template: Json) -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", PAGE, flags=re.MULTILINE))

    wanted = {name: one["Default"] for name, one in template["Parameters"].items() if name not in SET_BY_STAGE}
    assert rows == {name: f"`{default}`" if default != "" else "–" for name, default in wanted.items()}


def test_every_parameter_is_used(template: Json) -> None:
    text = json.dumps({name: part for name, part in template.items() if name != "Parameters"})

    assert [
        name for name in template["Parameters"] if f'"Ref": "{name}"' not in text and f"${{{name}}}" not in text
    ] == []


@pytest.mark.parametrize(
    ("parameter", "good", "bad"),
    [
        ("BaseUrl", "https://api.example.com/sluice", "https://api.example.com/"),
        ("DomainName", "api.example.com", "https://api.example.com"),
        ("CertificateArn", "arn:aws:acm:eu-central-1:123456789012:certificate/0a-1b", "arn:aws:iam::123456789012:x"),
        ("BasePath", "sluice", "/sluice"),
        ("WebAclArn", "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/a/0a-1b", "arn:aws:wafv2:global"),
        ("KmsKeyArn", "arn:aws:kms:eu-central-1:123456789012:key/0a-1b", "alias/sluice"),
        ("AlarmTopicArn", "arn:aws:sns:eu-central-1:123456789012:alarms", "alarms"),
        ("CorsOrigin", "https://app.example.com", "https://app.example.com/"),
        ("Limits", '{"batch_rows": 400}', "batch_rows=400"),
        ("Deployment", "1764556800", "v1"),
        ("EventBus", "orders.v2", "arn:aws:events:x"),
        ("WarmWriteUnits", "8000", "8,000"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused_before_anything_is_deployed(
    parameter: str, good: str, bad: str, template: Json
) -> None:
    pattern = template["Parameters"][parameter]["AllowedPattern"]

    assert re.fullmatch(pattern, good)
    assert not re.fullmatch(pattern, bad)


def test_a_domain_leads_to_the_api_and_links_name_it(template: Json) -> None:
    resources = template["Resources"]

    assert resources["ApiDomain"]["Properties"]["RegionalCertificateArn"] == {"Ref": "CertificateArn"}
    assert resources["ApiMapping"]["Properties"]["RestApiId"] == {"Ref": "RestAPI"}
    assert {resources[one]["Condition"] for one in ("ApiDomain", "ApiMapping")} == {"HasDomain"}
    by_domain = {
        "Fn::If": [
            "HasBasePath",
            {"Fn::Sub": "https://${DomainName}/${BasePath}"},
            {"Fn::Sub": "https://${DomainName}"},
        ]
    }
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    assert variables["SLUICE_BASE_URL"] == {
        "Fn::If": ["HasBaseUrl", BASE_URL, {"Fn::If": ["HasDomain", by_domain, ""]}]
    }
    assert template["Outputs"]["PublicUrl"]["Value"] == {"Fn::If": ["HasBaseUrl", BASE_URL, by_domain]}
    [rule] = template["Rules"].values()
    assert rule["Assertions"][0]["Assert"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "CertificateArn"}, ""]}]}


def test_a_web_acl_guards_the_stage_of_the_api(template: Json) -> None:
    association = template["Resources"]["ApiWebAcl"]

    assert association["Condition"] == "HasWebAcl"
    assert association["Properties"]["ResourceArn"]["Fn::Sub"].endswith("/restapis/${RestAPI}/stages/${RestAPI.Stage}")


def test_a_key_encrypts_tables_and_bucket_and_every_function_may_use_it(template: Json) -> None:
    resources = template["Resources"]
    tables = [one["Properties"] for one in resources.values() if one["Type"] == "AWS::DynamoDB::Table"]
    roles = {
        one["Properties"]["Role"]["Fn::GetAtt"][0]
        for one in resources.values()
        if one["Type"] == "AWS::Serverless::Function"
    }

    by_key = {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": {"Ref": "KmsKeyArn"}}
    assert [one["SSESpecification"]["Fn::If"][:2] for one in tables] == [["HasKmsKey", by_key]] * 3
    [rule] = resources["Bucket"]["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["Fn::If"][1]["KMSMasterKeyID"] == {"Ref": "KmsKeyArn"}
    assert {one["Ref"] for one in resources["KeyUse"]["Properties"]["Roles"]} == roles
    assert len(roles) > 20


def test_tables_are_protected_and_outlive_their_stack_in_prod_alone(template: Json) -> None:
    tables = [one for one in template["Resources"].values() if one["Type"] == "AWS::DynamoDB::Table"]

    assert template["Conditions"]["IsProtected"]["Fn::Or"][1]["Fn::And"] == [
        {"Fn::Equals": [{"Ref": "DeletionProtection"}, ""]},
        {"Condition": "IsProduction"},
    ]
    for one in [*tables, template["Resources"]["Bucket"]]:
        assert one["DeletionPolicy"] == {"Fn::If": ["IsProduction", "RetainExceptOnCreate", "Delete"]}
        assert one["UpdateReplacePolicy"] == {"Fn::If": ["IsProduction", "Retain", "Delete"]}
    assert [one["Properties"]["DeletionProtectionEnabled"]["Fn::If"][0] for one in tables] == ["IsProtected"] * 3


def test_all_logs_are_kept_as_long_as_the_parameter_says(template: Json) -> None:
    groups = [one["Properties"] for one in template["Resources"].values() if one["Type"] == "AWS::Logs::LogGroup"]

    assert len(groups) > 20
    assert {one["RetentionInDays"]["Ref"] for one in groups} == {"LogRetentionDays"}
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    assert variables["POWERTOOLS_LOG_LEVEL"] == {"Ref": "LogLevel"}
