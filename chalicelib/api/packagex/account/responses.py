"""A key and its tenant as PackageX shows them. Nothing here has seen a secret."""

from collections import Counter
from collections.abc import Iterable

from chalicelib.access.account import Usage
from chalicelib.access.context import Caller
from chalicelib.api.packagex import EXPORT_STATUS_WORDS, STATUS_WORDS
from chalicelib.api.packagex.account.schemas import (
    PackageXCaller,
    PackageXJobCounts,
    PackageXKey,
    PackageXMonth,
    PackageXRequests,
    PackageXUsage,
)
from chalicelib.model.api_keys import KINDS, ApiKey
from chalicelib.model.limits import Limits
from chalicelib.model.rate_limits import RateLimitStatus
from chalicelib.model.usage import MonthUsage

LIMITS = (
    "tenant_imports",
    "tenant_exports",
    "tenant_schedules",
    "webhooks",
    "upload_bytes",
    "inline_upload_bytes",
    "import_time_s",
    "export_time_s",
    "export_files_s",
    "job_retention_s",
)
"""The limits that a tenant can run into and no answer tells before."""


def render_caller(caller: Caller) -> PackageXCaller:
    """Returns who asks."""
    return {
        "object": "caller",
        "organization_id": caller.live_tenant_id,
        "key_id": caller.key_id,
        "kind": caller.kind.value,
        "is_test": caller.test_of is not None,
        "scopes": sorted(caller.scopes),
        "requests": _render_requests(caller.rate_limit_status),
    }


def render_key(key: ApiKey, caller: Caller, *, now: int) -> PackageXKey:
    """Returns a key as it is at this time, in epoch seconds."""
    return {
        "object": "key",
        "id": key.key_id,
        "kind": key.kind.value,
        "name": key.name,
        "hint": key.hint,
        "scopes": sorted(key.scopes & KINDS[key.kind].scopes),
        "is_test": key.test_of is not None,
        "is_current": key.key_id == caller.key_id,
        "status": "active" if key.is_live(now) else "expired" if key.revoked_at is None else "revoked",
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
    }


def render_usage(usage: Usage, caller: Caller, limits: Limits) -> PackageXUsage:
    """Returns what the tenant has used, beside what it may."""
    return {
        "object": "usage",
        "since": usage.since,
        "imports": _render_counts((STATUS_WORDS[status], count) for status, count in usage.imports.items()),
        "exports": _render_counts((EXPORT_STATUS_WORDS[status], count) for status, count in usage.exports.items()),
        "months": [_render_month(one) for one in usage.months],
        "limits": {name: getattr(limits, name) for name in LIMITS},
        "requests": _render_requests(caller.rate_limit_status),
    }


def _render_month(month: MonthUsage) -> PackageXMonth:
    return {
        "month": month.month,
        "imports": month.imports,
        "import_rows": month.import_rows,
        "import_bytes": month.import_bytes,
        "previews": month.previews,
        "preview_rows": month.preview_rows,
        "exports": month.exports,
        "export_rows": month.export_rows,
        "export_bytes": month.export_bytes,
    }


def _render_requests(status: RateLimitStatus | None) -> PackageXRequests | None:
    if status is None:
        return None
    return {
        "limit": status.rate_limit.requests,
        "remaining": status.remaining,
        "window_s": status.rate_limit.window_s,
        "resets_at": status.resets_at,
    }


def _render_counts(counts: Iterable[tuple[str, int]]) -> PackageXJobCounts:
    """Several statuses may be shown by one word."""
    by_word: Counter[str] = Counter()
    for word, count in counts:
        by_word[word] += count
    return {"total": by_word.total(), "by_status": dict(sorted(by_word.items()))}
