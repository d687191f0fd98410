"""What every operation is given: stores, limits, a clock, fresh ids, and what runs imports.

Operations are plain functions over a `Context` and a `Caller`; nothing here knows AWS, Chalice or the environment.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from chalicelib.model.api_keys import KeyKind, Scope
from chalicelib.model.ids import NewId, TenantId
from chalicelib.model.import_sessions import ImportSession
from chalicelib.model.imports import Import
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.rate_limits import RateLimitStatus
from chalicelib.model.reading_budget import UNLIMITED, ReadingBudget
from chalicelib.model.stop_reasons import EndReason
from chalicelib.model.task_results import InlineResult
from chalicelib.stores.interfaces import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, as far as the key says."""

    tenant_id: TenantId
    key_id: str
    """Names the key, or the import session, in `created_by` and `updated_by`."""
    scopes: frozenset[Scope]
    kind: KeyKind = KeyKind.PX
    test_of: TenantId | None = None
    """The tenant whose test data `tenant_id` holds; None for a key that sees the tenant itself."""
    rate_limit_status: RateLimitStatus | None = None
    """What this request left of the key's rate limit; None where requests are not counted."""
    session: ImportSession | None = None
    """The import session that asks; None for keys and tokens of clients."""

    @property
    def live_tenant_id(self) -> TenantId:
        """The tenant as the caller names it."""
        return self.test_of or self.tenant_id


def _ignore() -> None: ...


@dataclass(frozen=True, slots=True)
class InlineRun:
    """What a request gives to the import that it runs."""

    content: bytes
    """The source."""
    budget: ReadingBudget = UNLIMITED
    """What reading it may take."""
    begin_work: Callable[[], None] = _ignore
    """Called before the first write."""


class ImportRunner(Protocol):
    """Runs imports inside a request, and ends them. `imports.handlers.ImportMachine` is the one implementation."""

    def run_first_phases(self, import_: Import, inline: InlineRun) -> Import:
        """Runs the phases of a new import that a sync upload waits for, and stores it. Returns the import afterwards,
        or the one that an earlier request has stored. Raises Conflict where it was deleted meanwhile, and Refused where
        its source as a whole is."""

    def run_all_phases(self, import_: Import, inline: InlineRun) -> InlineResult:
        """Stores a new import and runs it to its end, or goes on with one that an earlier request has stored. Returns
        the import with the outcome of every row, once more for one that has ended. Raises Refused as
        `run_first_phases`, and Conflict where it was canceled or deleted meanwhile."""

    def end(self, import_: Import, reason: EndReason) -> Import | None:
        """Gives an import its final status and returns it; returns None, and changes nothing, if it has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The surroundings of an operation."""

    stores: Stores
    clock: Callable[[], int]
    """Epoch seconds, now."""
    new_id: NewId
    open_runner: Callable[[], ImportRunner]
    """Returns the runner; called when it is needed, as the runner brings along every task and phase there is."""
    limits: Limits = DEFAULT_LIMITS
    processor_time: Callable[[], float] = time.process_time
    """Seconds of processor time that this process has taken."""
    allows_local_webhooks: bool = False
    """Webhooks may call this machine: on a stack of one's own only."""
    begin_work: Callable[[], None] = _ignore
    """Called by every operation before its first write: what it answers from then on is its answer for good."""

    @property
    def runner(self) -> ImportRunner:
        """Returns what runs imports inside this request."""
        return self.open_runner()
