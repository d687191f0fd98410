"""`make migrate`: bring what older code has stored to what this code writes, on this machine or on AWS.

python -m local.migrate                              says what it would do, and changes nothing
python -m local.migrate --apply                      does it
python -m local.migrate --stack sluice --apply       on AWS, by the credentials and the region that botocore finds

It lists and counts imports and exports that were stored before lists were counted: without that they can be had by
their ids alone, and never expire. Each of them is changed in one transaction, on the condition that it is as it was
read. So the command may be interrupted, and made again, also while the stack serves.
"""

import argparse
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from chalicelib.errors import NewerSchema
from chalicelib.model.limits import Limits
from chalicelib.model.retention import DAY_S
from chalicelib.stores.dynamodb.attributes import ItemValues, from_attributes
from chalicelib.stores.dynamodb.exports import DynamoDBExports
from chalicelib.stores.dynamodb.imports import DynamoDBImports
from local.deployed_stack import DeployedStack, stack_here, stack_on_aws
from local.key_tables import control_table_of
from local.tenants import CONTROL, each_item

PER_SECOND = 25
"""Changes a second; each takes some ten write units, so that a table of any age has room for what it serves."""
NAMED = 20
"""How many of those that cannot be read are named."""
KINDS = ("IMPORT", "EXPORT")
NOTHING = "Nothing was changed: --apply does it."
AGAIN = "Some changed while they were read: make the same command again."


class Lists(Protocol):
    """The lists of imports or of exports, as far as they tell what older code has left."""

    def is_unlisted(self, stored: ItemValues) -> bool:
        """Returns whether an item stands in no list; raises NewerSchema, or ValueError for one that cannot be read."""
        ...

    def enlist(self, stored: ItemValues) -> bool:
        """Lists an item, and returns whether it was as it was read."""
        ...


ByKind = Mapping[str, Lists]
"""By what the keys of their items begin with."""


@dataclass(slots=True)
class Migrated:
    """What was found, and what became of it."""

    seen: int = 0
    """Imports and exports."""
    unlisted: int = 0
    listed: int = 0
    """Of the unlisted, those that are listed now."""
    unreadable: list[str] = field(default_factory=list)
    """Keys of items that this code cannot read, with the reason."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Performs what the arguments say. Exits with status 1 where something is left to do, or cannot be read."""
    given = read_arguments(arguments)
    stack = stack_on_aws(given.stack) if given.stack else stack_here()
    wait = pacer(given.per_second, time.monotonic, time.sleep) if given.apply else None
    migrated = migrate(each_job(stack), lists_of(stack), wait)
    print("\n".join(each_line(migrated, is_applied=given.apply)))
    if migrated.unreadable or (given.apply and migrated.listed < migrated.unlisted):
        raise SystemExit(1)


def read_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Returns the arguments, parsed. Exits with a usage line where they are wrong."""
    parser = argparse.ArgumentParser(prog="make migrate", description="Bring older items to what is written today.")
    parser.add_argument("--stack", help="the stack's name on AWS; without it, the stack on this machine")
    parser.add_argument("--apply", action="store_true", help="do it; without this it is only said")
    parser.add_argument("--per-second", type=float, default=PER_SECOND, help="changes a second at most")
    return parser.parse_args(arguments)


def migrate(jobs: Iterable[ItemValues], by_kind: ByKind, wait: Callable[[], None] | None) -> Migrated:
    """Looks at each item, and changes those that want it, one after the other; `wait` is called before each change,
    None says that nothing is to be changed.
    """
    done = Migrated()
    for stored in jobs:
        done.seen += 1
        lists = by_kind[kind_of(stored)]
        try:
            is_unlisted = lists.is_unlisted(stored)
        except (NewerSchema, ValueError) as error:
            done.unreadable.append(f"{stored['pk']}: {error}")
            continue
        done.unlisted += is_unlisted
        if is_unlisted and wait is not None:
            wait()
            done.listed += lists.enlist(stored)
    return done


def pacer(per_second: float, now: Callable[[], float], sleep: Callable[[float], None]) -> Callable[[], None]:
    """Returns a function that returns so many times a second at most."""
    free_at = now()

    def wait() -> None:
        nonlocal free_at
        sleep(max(0.0, free_at - now()))
        free_at = max(free_at, now()) + 1 / per_second

    return wait


def each_line(migrated: Migrated, *, is_applied: bool) -> Iterator[str]:
    """Yields what there is to say of it, line by line."""
    yield f"{migrated.seen:,} imports and exports, of which {migrated.unlisted:,} stand in no list."
    if migrated.unlisted:
        yield f"{migrated.listed:,} of them are listed and counted now." if is_applied else NOTHING
    if is_applied and migrated.listed < migrated.unlisted:
        yield AGAIN
    if migrated.unreadable:
        yield f"{len(migrated.unreadable):,} cannot be read by this code, and were left alone:"
        yield from (f"  {one}" for one in migrated.unreadable[:NAMED])


def each_job(stack: DeployedStack) -> Iterator[ItemValues]:
    """Yields the items of all imports and exports, lazily. Reads the whole control table."""
    items = (from_attributes(item) for item in each_item(stack, CONTROL))
    return (values for values in items if kind_of(values) in KINDS and "status" in values)


def kind_of(stored: ItemValues) -> str:
    """Returns what the key of an item begins with."""
    return str(stored["pk"]).partition("#")[0]


def lists_of(stack: DeployedStack) -> ByKind:
    """Returns the lists of a stack."""
    table, limits = control_table_of(stack), limits_of(stack)
    return {
        "IMPORT": DynamoDBImports(table, clock=time.time, limits=limits).lists,
        "EXPORT": DynamoDBExports(table, clock=time.time, limits=limits).lists,
    }


def limits_of(stack: DeployedStack) -> Limits:
    """Returns the limits of a stack, as far as they decide how long imports and exports are kept."""
    [described] = stack.client("cloudformation").describe_stacks(StackName=stack.name)["Stacks"]
    given: dict[str, Any] = {one["ParameterKey"]: one.get("ParameterValue") for one in described["Parameters"]}
    return Limits(job_retention_s=int(given["RetentionDays"]) * DAY_S)


if __name__ == "__main__":
    main()
