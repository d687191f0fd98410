"""`make destroy`: takes a stack down; records and files only where that is asked for.

python -m local.deploying.destroy --stage prod                 what prod keeps stays: its tables and its bucket
python -m local.deploying.destroy --stage prod --data          nothing stays

A stack that is no prod's keeps nothing: its tables and its bucket go with it in any case.
"""

import argparse
from collections.abc import Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.demo import new_console
from local.deploying.cloudformation_stack import DeployFailed
from local.deploying.deploy import agreed
from local.deploying.left_behind import BUCKET, TABLES
from local.deploying.screen import showing_events
from local.deploying.target import Target, default_stack_name, open_target, target_arguments
from local.versioned_bucket import empty_bucket
from local.waiting import waiting

KEPT = """{stack} is gone. Kept, as prod keeps what tenants have given it:
{names}
make destroy STAGE=prod DATA=1 would have deleted them, too; now the AWS console or CLI does."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Destroys what the arguments say. Exits with status 1 and the reason where that fails."""
    given = read_arguments(arguments)
    target = open_target(given.stack or default_stack_name(given.stage), given.endpoint)
    try:
        print(destroy(target, given))
    except (DeployFailed, BotoCoreError, ClientError) as error:
        raise SystemExit(f"{type(error).__name__}: {error}") from None


def read_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Returns the arguments, parsed. Exits with a usage line where they are wrong."""
    parser = target_arguments("make destroy", "Take a stack of Sluice down.")
    parser.add_argument("--data", action="store_true", help="delete what prod keeps, too: records, files, keys")
    return parser.parse_args(arguments)


def destroy(target: Target, given: argparse.Namespace) -> str:
    """Takes the stack down and returns what there is to say of it. Raises DeployFailed and what botocore raises."""
    stack = target.stack
    described = stack.find()
    if described is None:
        return f"There is no {target.in_words()}."
    keeps = _keeps(described) and not given.data
    told = "its tables and its bucket stay" if keeps else "with all records, files and keys, which nothing brings back"
    print(f"{target.in_words()} goes; {told}.", flush=True)
    if not given.yes and not agreed(target.stack_name):
        raise SystemExit("Nothing was changed.")
    resources = stack.resources()
    if not keeps and BUCKET in resources:
        with waiting("emptying the bucket"):
            empty_bucket(target.client("s3"), resources[BUCKET])
    with showing_events(new_console(), "deleting", len(resources)) as hear:
        stack.delete(hear)
    if keeps:
        kept = "\n".join(f"  {name}  {resources[name]}" for name in (*TABLES, BUCKET) if name in resources)
        return KEPT.format(stack=target.stack_name, names=kept)
    _delete_data(target, resources)
    return f"{target.stack_name} is gone, and nothing of it is left but the packages in the bucket of artifacts."


def _keeps(described: dict[str, Any]) -> bool:
    parameters = {one["ParameterKey"]: one.get("ParameterValue") for one in described.get("Parameters", [])}
    return parameters.get("Stage") == "prod"


def _delete_data(target: Target, resources: dict[str, str]) -> None:
    """Deletes what the stack has left behind; what went with it is passed over."""
    dynamodb, s3 = target.client("dynamodb"), target.client("s3")
    for table in (resources[name] for name in TABLES if name in resources):
        try:
            dynamodb.update_table(TableName=table, DeletionProtectionEnabled=False)
            dynamodb.get_waiter("table_exists").wait(TableName=table)
            dynamodb.delete_table(TableName=table)
        except dynamodb.exceptions.ResourceNotFoundException:
            continue
    if BUCKET in resources:
        empty_bucket(s3, resources[BUCKET])
        try:
            s3.delete_bucket(Bucket=resources[BUCKET])
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchBucket":
                raise


if __name__ == "__main__":
    main()
