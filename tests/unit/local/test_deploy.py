from local.deploy import ARTIFACTS, for_emulator, point_at_bundle
from local.template import Template


def test_functions_run_as_a_custom_runtime_from_a_bundle_and_ask_the_emulator_for_dynamodb() -> None:
    table = {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "records"}}
    function = {"Type": "AWS::Serverless::Function", "Properties": {"Runtime": "python3.11", "Handler": "app.x"}}
    variables = {"SLUICE_DYNAMODB_URL": "https://dynamodb.us-east-1.amazonaws.com", "SLUICE_STAGE": "prod"}
    template: Template = {
        "Globals": {"Function": {"Environment": {"Variables": variables}}},
        "Resources": {"Enter": function, "Records": table},
    }

    point_at_bundle(for_emulator(template), ARTIFACTS, "abc.zip")

    code = {"Bucket": ARTIFACTS, "Key": "abc.zip"}
    assert function["Properties"] == {"Runtime": "provided.al2023", "Handler": "app.x", "CodeUri": code}
    assert template["Resources"]["Records"] == table
    assert variables == {"SLUICE_DYNAMODB_URL": "", "SLUICE_STAGE": "prod"}
