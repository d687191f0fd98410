"""`make admin DO="tenants …"`: list, create, suspend and erase tenants.

tenants list                  each with how many of its keys are good
tenants create                a new one, with its first key
tenants suspend UUID          revokes all its keys; nothing is deleted
tenants erase UUID --yes      deletes everything of a tenant that is suspended
"""

import argparse
from collections import Counter
from uuid import uuid4

from chalicelib.access.api_keys import KeyIssuer, KeyRequest
from chalicelib.model.api_keys import KeyKind
from chalicelib.model.ids import TenantId
from chalicelib.stores.interfaces import Keys
from local.administration.arguments import to_tenant
from local.administration.keys import new_secret
from local.deployed_stack import DeployedStack
from local.deploying.first_keys import each_tenant, smoke_tenant_of
from local.key_tables import keys_of
from local.tenants import count_at_work, erase


def describe(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the words of this group."""
    commands.add_parser("list")
    create = commands.add_parser("create", help="a new tenant, with its first key, which is shown once")
    create.add_argument("--kind", type=KeyKind, choices=list(KeyKind), default=KeyKind.PX)
    create.add_argument("--name", default="first", help="what people call the key")
    for name in ("suspend", "erase"):
        commands.add_parser(name).add_argument("tenant", type=to_tenant)
    commands.choices["erase"].add_argument("--yes", action="store_true", help="really: nothing brings it back")


def perform(given: argparse.Namespace, stack: DeployedStack, now: int) -> list[str]:
    """Returns what there is to say of it. Raises SystemExit where it is refused."""
    keys = keys_of(stack).keys
    issuer = KeyIssuer(keys=keys, now=now, new_secret=new_secret)
    if given.command == "list":
        return _listed(stack, keys, now)
    if given.command == "create":
        return _created(given, issuer)
    live = [key for key in keys.list_keys(given.tenant) if key.is_live(now)]
    if given.command == "suspend":
        for key in live:
            issuer.revoke(given.tenant, key.key_id)
        return [f"{given.tenant}: {len(live)} keys revoked. What has begun goes on to its end."]
    if live:
        raise SystemExit(f"{given.tenant} has {len(live)} keys that are good. Suspend it first.")
    if at_work := count_at_work(stack, given.tenant):
        raise SystemExit(f"{given.tenant} has {at_work} imports or exports that have not ended. Wait for them.")
    if not given.yes:
        raise SystemExit("Erasing deletes every record, file and key of the tenant for good: say --yes.")
    erased = erase(stack, given.tenant)
    items = ", ".join(f"{number:,} items of {table.removesuffix('Name')}" for table, number in erased.items.items())
    return [f"{given.tenant} is erased: {items}, {erased.objects:,} versions of objects."]


def _created(given: argparse.Namespace, issuer: KeyIssuer) -> list[str]:
    tenant_id = TenantId(str(uuid4()))
    issued = issuer.issue(KeyRequest(tenant_id=tenant_id, kind=given.kind, name=given.name))
    return [
        f"tenant  {tenant_id}",
        f"{issued.key.key_id}  {issued.secret}",
        "Keep it: it is shown this once and stored as a digest only.",
    ]


def _listed(stack: DeployedStack, keys: Keys, now: int) -> list[str]:
    lines = []
    for tenant_id, number in sorted(Counter(each_tenant(stack)).items()):
        live = sum(key.is_live(now) for key in keys.list_keys(tenant_id))
        state = f"{live} of {number} keys good" if live else f"suspended, {number} keys"
        lines.append(f"{tenant_id}  {state}{'  smoke tests' if tenant_id == smoke_tenant_of(stack.name) else ''}")
    return lines or ["There are no tenants."]
