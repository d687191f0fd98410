"""What every operation is given: stores, limits, a clock, fresh ids, and the three doors into the road.

Operations are plain functions over a `Context` and a `Caller`; nothing here knows AWS, Chalice or the environment.
"""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.formats import Table
from chalicelib.model.api_keys import KeyKind, Scope
from chalicelib.model.ids import NewId, TenantId
from chalicelib.model.imports import Import, Status
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.rate_limits import RateLimitStatus
from chalicelib.model.task_results import InlineResult
from chalicelib.stores.interfaces import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, as far as the key says."""

    tenant_id: TenantId
    key_id: str
    """Names the key in `created_by` and `updated_by`."""
    scopes: frozenset[Scope]
    kind: KeyKind = KeyKind.PX
    test_of: TenantId | None = None
    """The tenant whose test data `tenant_id` holds; None for a key that sees the tenant itself."""
    rate_limit_status: RateLimitStatus | None = None
    """What this request left of the key's quota; None where nobody counted."""

    @property
    def live_tenant_id(self) -> TenantId:
        """The tenant as the caller names it."""
        return self.test_of or self.tenant_id


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineUpload:
    """The source of a sync import: its bytes, and the table already opened over them."""

    content: bytes
    content_type: str
    filename: str
    table: Table


Enter = Callable[[Import, InlineUpload], Import]
"""Runs prevalidation and preparsing of a queued import and stores its batches; the import afterwards."""

RunNow = Callable[[Import, bytes], InlineResult]
"""Takes a queued import, whose rows are these bytes, the whole road inside the request."""

Finish = Callable[[Import, Status, str], object]
"""Gives an import its final status, with a reason; changes nothing if it has one."""


def _nobody_hears() -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The surroundings of an operation."""

    stores: Stores
    clock: Callable[[], int]
    """Epoch seconds, now."""
    new_id: NewId
    enter: Enter
    run_now: RunNow
    finish: Finish
    limits: Limits = DEFAULT_LIMITS
    allows_local_webhooks: bool = False
    """Webhooks may call this machine: on a stack of one's own only."""
    begin_work: Callable[[], None] = _nobody_hears
    """Called by every operation before its first write: what it answers from then on is its answer for good."""
