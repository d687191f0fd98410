"""`make admin DO="stuck …"`: imports that do not go on, why, and what to do about each.

stuck list                        those beyond their deadline, and those that no execution runs
stuck end TENANT IMPORT           counts what it has written and ends it, by an execution of its own
stuck resume TENANT IMPORT        starts the execution that it lacks

The reaper does the same every five minutes; what stays in the list for longer than that deserves a look.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Import, Status
from chalicelib.model.stop_reasons import StopCode, StopReason
from chalicelib.stores.interfaces import ExecutionStatus, Stores
from local.administration.arguments import to_tenant, to_time
from local.administration.stack_stores import stores_of
from local.deployed_stack import DeployedStack

ENDED = StopReason(StopCode.INTERNAL_ERROR, "an operator has ended the import")
TRY_S = 300
"""When the reaper tries again to end what an operator has."""
LATE = "is beyond its deadline of {}; the reaper ends it within five minutes, or: end"
MISSING = "has no execution; the reaper starts one within minutes, or: resume"
DEAD = "its execution ended as {}; the reaper ends it within minutes, or: end"


@dataclass(frozen=True, slots=True)
class StuckImport:
    """An import that does not go on, and why."""

    import_: Import
    why: str


def describe(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the words of this group."""
    commands.add_parser("list", help="show them, each with why and what to do")
    for name, text in (("end", "count what it has written, and end it"), ("resume", "start the execution it lacks")):
        command = commands.add_parser(name, help=text)
        command.add_argument("tenant", type=to_tenant)
        command.add_argument("import_id", type=ImportId)


def perform(given: argparse.Namespace, stack: DeployedStack, now: int) -> Iterator[str]:
    """Yields what there is to say. Raises SystemExit where it is refused."""
    stores = stores_of(stack)
    if given.command == "list":
        yield from listed(stores, now)
    else:
        ids = (given.tenant, given.import_id)
        yield end(stores, *ids, now=now) if given.command == "end" else resume(stores, *ids)


def listed(stores: Stores, now: int) -> Iterator[str]:
    """Yields a line for each import that is stuck."""
    found = [*each_stuck(stores, now)]
    for one in found:
        import_, since = one.import_, to_time(one.import_.updated_at)
        yield f"{import_.tenant_id}  {import_.import_id}  {import_.status} since {since}  {one.why}"
    if not found:
        yield "No import is stuck."


def each_stuck(stores: Stores, now: int) -> Iterator[StuckImport]:
    """Yields imports of all tenants that are due, and those that should run and do not, once each."""
    seen = set()
    for ids in stores.imports.each_due(now):
        import_ = stores.imports.find(*ids)
        if import_ is not None and not import_.is_final:
            seen.add(ids)
            yield StuckImport(import_, LATE.format(to_time(import_.due_at or now)))
    for ids in stores.imports.each_watched():
        import_ = stores.imports.find(*ids) if ids not in seen else None
        why = _why_dead(stores, import_) if import_ is not None and not import_.is_final else None
        if import_ is not None and why:
            yield StuckImport(import_, why)


def end(stores: Stores, tenant_id: TenantId, import_id: ImportId, *, now: int) -> str:
    """Starts an execution that ends the import, and returns a line about it. Raises SystemExit where there is nothing
    to end, or the reaper is about to.
    """
    import_ = _get(stores, tenant_id, import_id)
    status = stores.import_executions.find_status(import_)
    tried = stores.imports.postpone(import_, until=now + TRY_S)  # each try is an execution of its own
    if tried is None:
        raise SystemExit(f"{import_id} has just changed. Look again.")
    stores.import_executions.start_ending(tried, ENDED, is_dead=status is None or status.is_over)
    return f"{import_id} is being ended: what it has written is counted, the rest is unprocessed."


def resume(stores: Stores, tenant_id: TenantId, import_id: ImportId) -> str:
    """Starts the execution of an import that has none, and returns a line about it. Raises SystemExit where it has one,
    or has not been queued.
    """
    import_ = _get(stores, tenant_id, import_id)
    status = stores.import_executions.find_status(import_)
    if status is not None:
        raise SystemExit(f"The execution of {import_id} is {status.value}. End it, and let its caller redrive it.")
    if import_.status not in (Status.QUEUED, Status.PROCESSING):
        raise SystemExit(f"{import_id} is {import_.status.value}: it waits for its caller.")
    stores.imports.watch(import_)
    stores.import_executions.start(import_)
    return f"{import_id} is started."


def _why_dead(stores: Stores, import_: Import) -> str | None:
    status: ExecutionStatus | None = stores.import_executions.find_status(import_)
    if status is None:
        return MISSING
    return DEAD.format(status.value) if status.is_over else None


def _get(stores: Stores, tenant_id: TenantId, import_id: ImportId) -> Import:
    import_ = stores.imports.find(tenant_id, import_id)
    if import_ is None:
        raise SystemExit(f"The tenant has no import {import_id}.")
    if import_.is_final:
        raise SystemExit(f"{import_id} has ended: {import_.status.value}.")
    return import_
