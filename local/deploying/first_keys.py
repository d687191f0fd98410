"""The keys that a deployment makes: one of the first tenant, once, and one for its own smoke test, for an hour.

Comes in: the key store of a stack and the tenants that it knows. Goes out: secrets, of which the stack keeps digests
alone.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4, uuid5

from chalicelib.access.api_keys import KeyIssuer, KeyRequest
from chalicelib.model.api_keys import KeyKind
from chalicelib.model.ids import TenantId
from local.deployed_stack import DeployedStack
from local.key_tables import OUTPUT

NAMES = "KEYS#"
"""With this the partition key of each tenant's keys begins, see `stores/dynamodb/access.py`."""
SMOKE_TESTS = UUID("6f6a3a52-3f0e-4b55-9a5c-5f1f4e1c7a58")
"""The namespace of the tenants that exist for smoke tests."""
HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class FirstKey:
    """A new tenant with the only copy of its key's secret."""

    tenant_id: TenantId
    secret: str


def make_first_key(issuer: KeyIssuer, tenants: Iterable[TenantId], smoke_tenant: TenantId) -> FirstKey | None:
    """Returns a key of a new tenant, or None where there are tenants beside that of the smoke tests."""
    if any(one != smoke_tenant for one in tenants):
        return None
    tenant_id = TenantId(str(uuid4()))
    wanted = KeyRequest(tenant_id=tenant_id, kind=KeyKind.PX, name="first")
    return FirstKey(tenant_id, issuer.issue(wanted).secret)


@contextmanager
def smoke_test_key(issuer: KeyIssuer, smoke_tenant: TenantId) -> Iterator[str]:
    """Gives the secret of a key that is good for as long as the block lasts, and for an hour at most."""
    expires_at = issuer.now + HOUR_S
    wanted = KeyRequest(tenant_id=smoke_tenant, kind=KeyKind.PX, name="smoke test", expires_at=expires_at)
    issued = issuer.issue(wanted)
    try:
        yield issued.secret
    finally:
        issuer.revoke(smoke_tenant, issued.key.key_id)


def smoke_tenant_of(stack_name: str) -> TenantId:
    """Returns the tenant of a stack's smoke tests, which holds nothing else."""
    return TenantId(str(uuid5(SMOKE_TESTS, stack_name)))


def each_tenant(stack: DeployedStack) -> Iterator[TenantId]:
    """Yields each tenant that was ever given a key, once for each key, lazily. Reads the whole control table."""
    pages = (
        stack.client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=stack.output(OUTPUT),
            FilterExpression="begins_with(pk, :names)",
            ExpressionAttributeValues={":names": {"S": NAMES}},
            ProjectionExpression="pk",
        )
    )
    for page in pages:
        yield from (TenantId(item["pk"]["S"].removeprefix(NAMES)) for item in page["Items"])
