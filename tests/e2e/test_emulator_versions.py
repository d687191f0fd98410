"""What versions of functions need of the emulator: each change of it is still wanted, and does what is wanted."""

import pytest

from tests.e2e.test_emulator_patches import ask_emulator

pytestmark = pytest.mark.e2e


def test_an_execution_tells_the_definition_that_it_began_with() -> None:
    code = """
import inspect, json
from ministack.services import stepfunctions
from local import emulator_patches
read = inspect.getsource(stepfunctions._run_execution)
print('definition = json.loads(sm["definition"])' in read, "args=(_run_execution, exec_arn)" in
      inspect.getsource(stepfunctions))
machine = {"stateMachineArn": "m", "name": "m", "roleArn": "r", "definition": "{}"}
stepfunctions._state_machines["m"] = machine
stepfunctions._executions["e"] = {"stateMachineArn": "m"}
stepfunctions._run_execution = lambda arn: machine.update(definition="[]")

def told():
    return json.loads(stepfunctions._describe_state_machine_for_execution({"executionArn": "e"})[2])["definition"]

stepfunctions._run_execution("e")
print(told())
machine["definition"] = "{}"
emulator_patches.tell_definitions_of_executions()
stepfunctions._run_execution("e")
print(told())
"""

    assert ask_emulator(code).splitlines() == ["True True", "[]", "{}"]


def test_sam_is_told_the_values_of_parameters() -> None:
    code = """
from ministack.services.cloudformation import engine
from local import emulator_patches
function = {"Type": "AWS::Serverless::Function", "Properties": {
    "Runtime": "provided.al2023", "Handler": "x", "CodeUri": "s3://b/k", "AutoPublishAlias": "live",
    "AutoPublishCodeSha256": {"Ref": "Deployment"}}}
template = {"Transform": ["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"],
            "Parameters": {"Deployment": {"Type": "String", "Default": "0123456789"}}, "Resources": {"One": function}}

def version(value):
    resources = engine._apply_transforms(template, [{"Key": "Deployment", "Value": value}])["Resources"]
    return [name for name, one in resources.items() if one["Type"] == "AWS::Lambda::Version"]

print(version("abcdefghij"))
emulator_patches.give_parameters_to_sam()
print(version("abcdefghij"), version("9876543210"))
"""

    assert ask_emulator(code).splitlines() == [
        "['OneVersion0123456789']",
        "['OneVersionabcdefghij'] ['OneVersion9876543210']",
    ]
