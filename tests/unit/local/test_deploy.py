from pathlib import Path

from local.deploy import ARTIFACTS, for_emulator
from local.package import Package


def test_functions_run_as_a_custom_runtime_from_the_bundle_of_the_package() -> None:
    package = Package(Path("build"), fingerprint="abc")
    table = {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "records"}}
    template = {
        "Resources": {
            "Enter": {"Type": "AWS::Serverless::Function", "Properties": {"Runtime": "python3.11", "Handler": "app.x"}},
            "Records": table,
        }
    }

    resources = for_emulator(template, package)["Resources"]

    code = {"Bucket": ARTIFACTS, "Key": "abc.zip"}
    assert resources["Enter"]["Properties"] == {"Runtime": "provided.al2023", "Handler": "app.x", "CodeUri": code}
    assert resources["Records"] == table
