"""The tables, the bucket and the machine that the stack would create, made empty under fresh names."""

from typing import Any
from uuid import uuid4

import orjson

from chalicelib.stores.aws import AwsResources
from chalicelib.stores.clients import Session

PASSING = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 600, "End": True}}}


def create_resources(session: Session) -> AwsResources:
    name = f"contract-{uuid4().hex[:8]}"
    _create_table(session, f"{name}-control", is_listed=True)
    _create_table(session, f"{name}-records", is_listed=False)
    _create_simple_table(session, f"{name}-idempotency")
    return AwsResources(
        stack=name,
        control_table=f"{name}-control",
        records_table=f"{name}-records",
        idempotency_table=f"{name}-idempotency",
        bucket=_create_bucket(session, name),
        machine_arn=_create_machine(session, f"{name}-import"),
        export_machine_arn=_create_machine(session, f"{name}-export"),
    )


def _create_table(session: Session, name: str, *, is_listed: bool) -> None:
    keys: list[Any] = [("pk", "sk"), ("list_pk", "list_sk")] if is_listed else [("pk", "sk")]
    schemas: list[Any] = [
        [{"AttributeName": pk, "KeyType": "HASH"}, {"AttributeName": sk, "KeyType": "RANGE"}] for pk, sk in keys
    ]
    index: Any = {"IndexName": "lists", "KeySchema": schemas[-1], "Projection": {"ProjectionType": "KEYS_ONLY"}}
    indices: Any = {"GlobalSecondaryIndexes": [index]} if is_listed else {}
    session.client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": one, "AttributeType": "S"} for pair in keys for one in pair],
        KeySchema=schemas[0],
        **indices,
    )


def _create_simple_table(session: Session, name: str) -> None:
    session.client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )


def _create_bucket(session: Session, name: str) -> str:
    client = session.client("s3")
    client.create_bucket(Bucket=name)
    client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


def _create_machine(session: Session, name: str) -> str:
    created = session.client("stepfunctions").create_state_machine(
        name=name, definition=orjson.dumps(PASSING).decode(), roleArn="arn:aws:iam::123456789012:role/machine"
    )
    return str(created["stateMachineArn"])
