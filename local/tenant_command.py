"""`make tenants`: list, suspend and erase tenants, on this machine or on AWS; `make keys` makes one, with a first key.

python -m local.tenant_command list
python -m local.tenant_command suspend UUID          revokes all its keys; nothing is deleted
python -m local.tenant_command erase UUID --yes      deletes everything of a tenant that is suspended
python -m local.tenant_command --stack sluice list   on AWS
"""

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from chalicelib.access.api_keys import KeyIssuer
from chalicelib.model.ids import TenantId
from chalicelib.stores.interfaces import Keys
from local.deployed_stack import DeployedStack, stack_here, stack_on_aws
from local.deploying.first_keys import each_tenant, smoke_tenant_of
from local.key_command import new_secret
from local.key_tables import keys_of
from local.tenants import count_at_work, erase


def main(arguments: Sequence[str] | None = None) -> None:
    """Performs the command that the arguments say, and prints what came of it."""
    given = read_arguments(arguments)
    stack = stack_on_aws(given.stack) if given.stack else stack_here()
    for line in perform(given, stack, keys_of(stack).keys, now=int(time.time())):
        print(line, flush=True)


def read_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Returns the arguments, parsed. Exits with a usage line where they are wrong."""
    parser = argparse.ArgumentParser(prog="make tenants", description="List, suspend and erase tenants.")
    parser.add_argument("--stack", help="the stack's name on AWS; without it, the stack on this machine")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list")
    for name in ("suspend", "erase"):
        commands.add_parser(name).add_argument("tenant", type=lambda text: TenantId(str(UUID(text))))
    commands.choices["erase"].add_argument("--yes", action="store_true", help="really: nothing brings it back")
    return parser.parse_args(arguments)


def perform(given: argparse.Namespace, stack: DeployedStack, keys: Keys, *, now: int) -> list[str]:
    """Returns what there is to say of it. Raises SystemExit where it is refused."""
    if given.command == "list":
        return _listed(stack, keys, now)
    live = [key for key in keys.list_keys(given.tenant) if key.is_live(now)]
    if given.command == "suspend":
        issuer = KeyIssuer(keys=keys, now=now, new_secret=new_secret)
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


def _listed(stack: DeployedStack, keys: Keys, now: int) -> list[str]:
    lines = []
    for tenant_id, number in sorted(Counter(each_tenant(stack)).items()):
        live = sum(key.is_live(now) for key in keys.list_keys(tenant_id))
        state = f"{live} of {number} keys good" if live else f"suspended, {number} keys"
        lines.append(f"{tenant_id}  {state}{'  smoke tests' if tenant_id == smoke_tenant_of(stack.name) else ''}")
    return lines or ["There are no tenants."]


if __name__ == "__main__":
    main()
