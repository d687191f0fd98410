"""What the emulator's CloudFormation drops without a word, set through the services' own calls.

Only what the stack's behaviour on this machine needs: without a time to live nothing would ever leave the tables.
Point-in-time recovery, lifecycle rules, encryption and alarms stay in the template, for AWS.
"""

from local.aws import Aws
from local.template import Template


def set_what_was_forgotten(aws: Aws, stack: str, template: Template) -> None:
    resources = aws.cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    names = {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources}
    for logical_id, resource in template["Resources"].items():
        if resource["Type"] == "AWS::DynamoDB::Table":
            live = resource["Properties"]["TimeToLiveSpecification"]
            aws.dynamodb.update_time_to_live(TableName=names[logical_id], TimeToLiveSpecification=live)
