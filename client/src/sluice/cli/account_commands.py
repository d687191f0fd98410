"""`sluice whoami`, `usage` and `keys`: who asks, what was used and may be used, and which keys there are."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import click

from sluice.cli.app import App, command
from sluice.cli.exits import DONE
from sluice.cli.help import Option
from sluice.cli.layout import named, number, size, table
from sluice.cli.login_commands import key_hint
from sluice.errors import SluiceError
from sluice.logins import Login, find_login
from sluice.models.account import Caller, JobCounts, Month, Requests, Usage


@command("whoami", usage="[OPTIONS]")
def whoami(app: App) -> int:
    """Address, tenant, scopes, requests left"""
    found, width = find_login(app.login), app.screen.width
    known = {"url": found.url, "key": key_hint(found.key), "origin": found.origin}
    try:
        caller = app.client.account.whoami()
    except SluiceError:
        app.screen.put_json(known) if app.screen.is_json else app.screen.put(*_login_lines(found, width))
        raise
    if app.screen.is_json:
        app.screen.put_json({**known, **caller.raw})
    else:
        app.screen.put(*_login_lines(found, width), *_caller_lines(caller, width))
    return DONE


@command("usage", usage="[OPTIONS]")
@click.option(
    "--days", cls=Option, type=click.IntRange(1, 400), default=30, metavar="N", help="How many, 30; at most 400"
)
def usage(app: App, days: int) -> int:
    """Imports and exports of the last days, what ended in each month, and limits"""
    found = app.client.account.usage(days=days)
    app.screen.put_json(found.raw) if app.screen.is_json else app.screen.put(*_usage_lines(found, app.screen.width))
    return DONE


@command("keys", usage="[OPTIONS]")
def keys(app: App) -> int:
    """List keys, the newest first, never a secret"""
    app.screen.put_list(
        ("id", "kind", "name", "key", "status", "until"),
        app.client.account.keys(),
        lambda one: (
            *(one.id, one.kind, one.name, one.hint),
            *("this one" if one.is_current else one.status, _day(one.expires_at)),
        ),
    )
    return DONE


def _login_lines(found: Login, width: int) -> Iterator[str]:
    yield from named("Address", found.url, width)
    yield from named("Key", f"{key_hint(found.key)}…  from {found.origin}", width)


def _caller_lines(caller: Caller, width: int) -> Iterator[str]:
    yield from named("Tenant", caller.organization_id + (" (test data)" if caller.is_test else ""), width)
    yield from named("Scopes", ", ".join(caller.scopes) or "none", width)
    yield from named("Requests", _left(caller.requests), width)


def _usage_lines(found: Usage, width: int) -> Iterator[str]:
    yield from named("Since", _day(found.since), width)
    yield from named("Imports", _counts(found.imports), width)
    yield from named("Exports", _counts(found.exports), width)
    yield from named("Requests", _left(found.requests), width)
    if found.months:
        yield ""
        yield from _month_lines(found.months, width)
    yield ""
    yield from table(("limit", "value"), [(name, _limit(name, value)) for name, value in found.limits.items()], width)


def _month_lines(months: Iterable[Month], width: int) -> Iterator[str]:
    """Yields what has ended in each month, a line for each kind of it that there is."""
    rows = [line for month in months for line in [(month.month, "", "", ""), *_kinds_of(month)]]
    yield from table(("ended", "count", "rows", "size"), rows, width, right=(1, 2, 3))


def _kinds_of(month: Month) -> Iterator[tuple[str, str, str, str]]:
    kinds = (
        ("imports", month.imports, month.import_rows, size(month.import_bytes)),
        ("previews", month.previews, month.preview_rows, ""),
        ("exports", month.exports, month.export_rows, size(month.export_bytes)),
    )
    yield from ((f"  {kind}", number(count), number(rows), of) for kind, count, rows, of in kinds if count)


def _counts(jobs: JobCounts) -> str:
    parts = ", ".join(f"{number(count)} {status}" for status, count in jobs.by_status.items())
    return number(jobs.total) + (f": {parts}" if parts else "")


def _left(requests: Requests | None) -> str:
    if requests is None or requests.resets_at is None:
        return "not counted"
    window = {60: "a minute", 3600: "an hour"}.get(requests.window_s, f"in {requests.window_s} s")
    until = f"{requests.resets_at:%H:%M:%S}"
    return f"{number(requests.remaining)} of {number(requests.limit)} {window} left, until {until} UTC"


def _limit(name: str, value: int) -> str:
    if name.endswith("_bytes"):
        return size(value)
    if not name.endswith("_s"):
        return number(value)
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if value >= 2 * length and value % length == 0:
            return f"{value // length} {unit}"
    return f"{number(value)} s"


def _day(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d}" if moment else ""
