"""What log lines are about: ids of the tenant, and of the import, export, schedule or webhook, on each line that is
written meanwhile.

Comes in: ids, from whatever begins the work on one thing. Goes out: the keys that `log_format.py` puts on a line. Ids
are random, so that a log names nobody; other text of callers never becomes a key.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

KEYS = ("tenant_id", "import_id", "export_id", "schedule_id", "webhook_id")
"""The keys that a line may have."""

_ID = re.compile(r"[a-z]{2,4}_[a-z2-7]{26}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SUBJECT: ContextVar[dict[str, str] | None] = ContextVar("log_keys", default=None)


@contextmanager
def logging_about(ids: Mapping[str, str]) -> Iterator[None]:
    """Puts these ids on every line that is logged in the block, and no others: those of a block around it may be of
    another tenant.
    """
    token = _SUBJECT.set(dict(ids))
    try:
        yield
    finally:
        _SUBJECT.reset(token)


def add_log_keys(ids: Mapping[str, str]) -> None:
    """Puts these ids on the lines that follow in the innermost `logging_about`; outside of any it does nothing."""
    subject = _SUBJECT.get()
    if subject is not None:
        subject.update(ids)


def current_log_keys() -> dict[str, str]:
    """Returns the ids that lines have now."""
    return dict(_SUBJECT.get() or {})


def ids_in(given: object) -> dict[str, str]:
    """Returns what an event or a path has of the keys, as far as they look like ids; nothing for what is no mapping."""
    if not isinstance(given, Mapping):
        return {}
    return {key: value for key in KEYS if isinstance(value := given.get(key), str) and _ID.fullmatch(value)}
