"""What is said of an import that a limit has stopped: which limit, what would have happened, what to type next."""

import re
from collections.abc import Iterator

from sluice.cli.layout import number
from sluice.imports import Import
from sluice.models.records import Resource

_BROKEN = re.compile(r"(max_failed|max_deleted|all_or_nothing): (\d+)(?: of (\d+))? \w+(?:, limit (.+))?$")
"""A reason, by the limit, how many rows or records it would have been, of how many, and what the limit is."""
_LATE = "all_or_nothing: "


def stopped_lines(import_: Import, resource: Resource) -> Iterator[str]:
    """Yields what stopped an import that has failed, and what to type next; nothing where that was no limit."""
    reason = import_.reason or ""
    broken = _BROKEN.match(reason)
    if broken:
        limit, count, total, allowed = broken.groups()
        part = f"{number(int(count))} of {number(int(total))}" if total else number(int(count))
        yield f"Stopped before writing: {_sentence(limit, part, allowed, resource)}"
        yield f"Nothing has changed. {_next(limit, count, import_)}"
    elif reason.startswith(_LATE):
        yield f"Stopped, for all rows or none were to be written: {reason.removeprefix(_LATE)}"
        yield f"What was written is taken back: sluice imports show {import_.id}"


def _sentence(limit: str, part: str, allowed: str | None, resource: Resource) -> str:
    if limit == "max_deleted":
        return f"{part} {resource.plural} would be deleted, {allowed} are allowed."
    if limit == "max_failed":
        return f"{part} rows would fail, {allowed} are allowed."
    return f"{part} rows would fail, and it is all rows or none."


def _next(limit: str, count: str, import_: Import) -> str:
    if limit == "all_or_nothing":
        return f"See them: sluice imports rows {import_.id}"
    return f"If you mean it: --{limit.replace('_', '-')} {count}"
