"""Grants name what they allow, and a policy allows its grants alone."""

import pytest

from local.policies import Grant, policy_of


@pytest.mark.parametrize("grant", Grant)
def test_a_grant_names_its_actions_and_resources(grant: Grant) -> None:
    assert [action for action in grant.actions if action.endswith("*")] == []
    assert all(resource for resource in grant.resources)


def test_a_policy_has_a_statement_for_each_grant() -> None:
    policy = policy_of([Grant.READ_WORK, Grant.START_EXPORTS])

    machine = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:${AWS::StackName}-export"
    assert policy == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:GetObjectVersion"],
                "Resource": [{"Fn::Sub": "${Bucket.Arn}/work/*"}],
            },
            {"Effect": "Allow", "Action": ["states:StartExecution"], "Resource": [{"Fn::Sub": machine}]},
        ],
    }
