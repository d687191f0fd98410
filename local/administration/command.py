"""The one command of operators: `make admin DO="GROUP COMMAND …"`, on this machine, or on AWS by `--stack NAME`.

Comes in: words. Goes out: lines. Whoever runs it on AWS does so by the credentials and the region that botocore finds.
"""

import argparse
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.administration import keys, letters, stuck, tenants, usage
from local.deployed_stack import DeployedStack, stack_here, stack_on_aws

Commands = Any
"""What argparse gives to add commands to; it has no public type."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of commands: what it is for, which words it takes, and what does them."""

    help: str
    describe: Callable[[Commands], None]
    perform: Callable[[argparse.Namespace, DeployedStack, int], Iterable[str]]
    """Yields lines as they come. Raises SystemExit where something is refused."""


GROUPS: Mapping[str, Group] = {
    "tenants": Group("list, create, suspend and erase tenants", tenants.describe, tenants.perform),
    "keys": Group("create, list, revoke and rotate API keys", keys.describe, keys.perform),
    "stuck": Group("list imports that do not go on, and end or resume them", stuck.describe, stuck.perform),
    "letters": Group("show events that failed to the last try, and send them again", letters.describe, letters.perform),
    "usage": Group("what tenants have used by month", usage.describe, usage.perform),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Performs the command that the arguments say, and prints what came of it."""
    given = read_arguments(arguments)
    stack = stack_on_aws(given.stack) if given.stack else stack_here()
    for line in GROUPS[given.group].perform(given, stack, int(time.time())):
        print(line, flush=True)


def read_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Returns the arguments, parsed. Exits with a usage line where they are wrong."""
    parser = argparse.ArgumentParser(prog="make admin", description="Look after the tenants and imports of a stack.")
    parser.add_argument("--stack", help="the stack's name on AWS; without it, the stack on this machine")
    groups = parser.add_subparsers(dest="group", required=True)
    for name, group in GROUPS.items():
        one = groups.add_parser(name, help=group.help, description=group.help)
        group.describe(one.add_subparsers(dest="command", required=True))
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
