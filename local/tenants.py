"""The tenants of a stack, and how all of one is erased: every item of every table, every version of every object.

Comes in: a stack that is deployed. An item is a tenant's where the first name in its key is the tenant's, or that of
an import, export or schedule of the tenant, or the digest of one of its keys or tokens. What stands behind it is
customers' text, which may name anybody. Each table is read as a whole, so that nothing is forgotten.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from chalicelib.model.ids import TenantId, sibling_of
from local.deployed_stack import DeployedStack
from local.versioned_bucket import empty_bucket

Json = dict[str, Any]

CONTROL, RECORDS, IDEMPOTENCY = "ControlTableName", "RecordsTableName", "IdempotencyTableName"
KEYS_OF_TABLES = {CONTROL: ("pk", "sk"), RECORDS: ("pk", "sk"), IDEMPOTENCY: ("id",)}
BUCKET = "BucketName"
FOLDERS = ("uploads", "drop", "work", "before", "results", "deliveries")
"""Where objects of tenants lie, see `model/object_keys.py`."""
WATCHED = ("WATCHED-IMPORT", "WATCHED-EXPORT")
"""Partitions of what is at work, see `stores/dynamodb/watched_jobs.py`."""
OWNED = re.compile(r"(?:IMPORT|EXPORT|SCHEDULE)#[^#]+#(?P<id>[^#]+)")
NAMES = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z]{3}_[a-z2-7]{26}|[0-9a-f]{64}")
"""Tenants, what they have made, and digests, wherever they stand in a text."""
OWNERS = ("id", "pk", "sk", "holder", "place")
"""Attributes that say whose an item is, in the order in which they are looked at."""
BATCH = 25
"""Items that DynamoDB deletes in one request."""


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was deleted."""

    items: Mapping[str, int]
    """By the output that names the table."""
    objects: int
    """Versions of objects, and markers."""


def each_item(stack: DeployedStack, table: str) -> Iterator[Json]:
    """Yields every item of a table, as DynamoDB writes them."""
    pages = stack.client("dynamodb").get_paginator("scan").paginate(TableName=stack.output(table), ConsistentRead=True)
    for page in pages:
        yield from ({name: _as_written(one) for name, one in item.items()} for item in page["Items"])


def _as_written(attribute: Json) -> Json:
    """Bytes are in base64 there; boto3 has decoded them."""
    return {"B": b64encode(attribute["B"]).decode()} if "B" in attribute else attribute


def names_of(stack: DeployedStack, tenant_id: TenantId) -> frozenset[str]:
    """Returns the names that tell an item as the tenant's: its id and that of its test data, ids of what it has made,
    digests of its keys and of the tokens that were issued for them.
    """
    names, tokens = {str(tenant_id), str(sibling_of(tenant_id))}, []
    tenants = frozenset(names)
    for item in each_item(stack, CONTROL):
        pk = item["pk"]["S"]
        if pk.startswith("TOKEN#"):
            tokens.append(item)
        elif owner_of(item) in tenants:
            names.update(one["id"] for one in OWNED.finditer(pk))
            names.update([item["digest"]["S"]] if "digest" in item else ())
    names.update(one["pk"]["S"].removeprefix("TOKEN#") for one in tokens if one["client_digest"]["S"] in names)
    return frozenset(names)


def owner_of(item: Json) -> str | None:
    """Returns the name that says whose an item is; None for one that is nobody's."""
    texts = (item[one]["S"] for one in OWNERS if "S" in item.get(one, {}))
    return next((found[0] for text in texts if (found := NAMES.search(text))), None)


def count_at_work(stack: DeployedStack, tenant_id: TenantId) -> int:
    """Returns how many imports and exports of the tenant have begun and not ended."""
    tenants = {tenant_id, sibling_of(tenant_id)}
    watched = (one for one in each_item(stack, CONTROL) if one["pk"]["S"] in WATCHED)
    return sum(owner_of(item) in tenants for item in watched)


def erase(stack: DeployedStack, tenant_id: TenantId) -> Erased:
    """Deletes everything of the tenant. Its keys must have been revoked before, and its imports have ended."""
    names, s3, bucket = names_of(stack, tenant_id), stack.client("s3"), stack.output(BUCKET)
    tenants = (tenant_id, sibling_of(tenant_id))
    objects = sum(empty_bucket(s3, bucket, f"{folder}/{one}/") for folder in FOLDERS for one in tenants)
    items = {table: _delete(stack, table, names) for table in KEYS_OF_TABLES}
    return Erased(items, objects)


def find_left(stack: DeployedStack, names: frozenset[str]) -> list[str]:
    """Returns the keys of all items, and of all versions of objects, in which one of the names stands anywhere."""
    items = [
        f"{table} {[item[one]['S'] for one in keys]}"
        for table, keys in KEYS_OF_TABLES.items()
        for item in each_item(stack, table)
        if any(not names.isdisjoint(NAMES.findall(value["S"])) for value in item.values() if "S" in value)
    ]
    pages = stack.client("s3").get_paginator("list_object_versions").paginate(Bucket=stack.output(BUCKET))
    versions = (one["Key"] for page in pages for one in [*page.get("Versions", []), *page.get("DeleteMarkers", [])])
    return [*items, *(key for key in versions if not names.isdisjoint(NAMES.findall(key)))]


def _delete(stack: DeployedStack, table: str, names: frozenset[str]) -> int:
    keys = KEYS_OF_TABLES[table]
    found = (
        {"DeleteRequest": {"Key": {one: item[one] for one in keys}}}
        for item in each_item(stack, table)
        if owner_of(item) in names
    )
    deleted, dynamodb = 0, stack.client("dynamodb")
    while batch := list(islice(found, BATCH)):
        deleted += len(batch)
        while batch:
            answer = dynamodb.batch_write_item(RequestItems={stack.output(table): batch})
            batch = answer.get("UnprocessedItems", {}).get(stack.output(table), [])
    return deleted
