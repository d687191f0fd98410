"""What an earlier stack of the same name has left behind: prod keeps its tables and its bucket.

In goes a target with its new stack, which has tables and a bucket of its own, all empty; out come the names of the
others, so that nobody takes the new ones for the old. CloudFormation names what it makes after stack and logical id.
"""

from collections.abc import Iterator

from local.deploying.target import Target

BUCKET = "Bucket"
TABLES = ("ControlTable", "RecordsTable", "IdempotencyTable")
"""Logical ids of what a stack of the stage prod leaves behind."""
LEFT = """An earlier {stack} has left its data. This one does not use it: its tables and its bucket are new and empty.
{names}
docs/deploying.md#the-end says what to do with it."""


def left_by_earlier(target: Target) -> str:
    """Returns what there is to say of it; an empty text where nothing was left."""
    own = set(target.stack.resources().values())
    names = [name for name in (*_tables(target), *_buckets(target)) if name not in own]
    return LEFT.format(stack=target.stack_name, names="\n".join(f"  {name}" for name in names)) if names else ""


def _tables(target: Target) -> Iterator[str]:
    beginnings = tuple(f"{target.stack_name}-{table}-" for table in TABLES)
    for page in target.client("dynamodb").get_paginator("list_tables").paginate():
        yield from (name for name in page["TableNames"] if name.startswith(beginnings))


def _buckets(target: Target) -> Iterator[str]:
    beginning = f"{target.stack_name}-{BUCKET}-".lower()
    listed = target.client("s3").list_buckets()["Buckets"]
    yield from (one["Name"] for one in listed if one["Name"].startswith(beginning))
