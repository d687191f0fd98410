"""`sluice whoami`, `usage` and `keys`: who asks, what was used and may be used, and which keys there are."""

from collections.abc import Iterator
from datetime import UTC, datetime

import click

from sluice.cli.app import App, command
from sluice.cli.exits import DONE
from sluice.cli.help import Option
from sluice.cli.layout import number, size, table, wrapped
from sluice.cli.login_commands import key_hint
from sluice.errors import SluiceError
from sluice.logins import Login, find_login
from sluice.models.account import Caller, JobCounts, Requests, Usage

NAME_CELLS = 11


@command("whoami", usage="[OPTIONS]")
def whoami(app: App) -> int:
    """Address, tenant, scopes, requests left"""
    found = find_login(app.login)
    known = {"url": found.url, "key": key_hint(found.key), "origin": found.origin}
    try:
        caller = app.client.account.whoami()
    except SluiceError:
        app.screen.put_json(known) if app.screen.is_json else app.screen.put(*_login_lines(found))
        raise
    if app.screen.is_json:
        app.screen.put_json({**known, **caller.raw})
    else:
        app.screen.put(*_login_lines(found), *_caller_lines(caller, app.screen.width))
    return DONE


@command("usage", usage="[OPTIONS]")
@click.option(
    "--days", cls=Option, type=click.IntRange(1, 400), default=30, metavar="N", help="How many, 30; at most 400"
)
def usage(app: App, days: int) -> int:
    """Imports and exports of the last days, and limits"""
    found = app.client.account.usage(days=days)
    app.screen.put_json(found.raw) if app.screen.is_json else app.screen.put(*_usage_lines(found))
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


def _login_lines(found: Login) -> Iterator[str]:
    yield _named("Address", found.url)
    yield _named("Key", f"{key_hint(found.key)}…  from {found.origin}")


def _caller_lines(caller: Caller, width: int) -> Iterator[str]:
    yield _named("Tenant", caller.organization_id + (" (test data)" if caller.is_test else ""))
    first, *rest = wrapped(", ".join(caller.scopes) or "none", width - NAME_CELLS) or [""]
    yield _named("Scopes", first)
    yield from (_named("", line) for line in rest)
    yield _named("Requests", _left(caller.requests))


def _usage_lines(found: Usage) -> Iterator[str]:
    yield _named("Since", _day(found.since))
    yield _named("Imports", _counts(found.imports))
    yield _named("Exports", _counts(found.exports))
    yield _named("Requests", _left(found.requests))
    yield ""
    yield from table(("limit", "value"), [(name, _limit(name, value)) for name, value in found.limits.items()], 80)


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


def _named(name: str, text: str) -> str:
    return f"{name.ljust(NAME_CELLS)}{text}".rstrip()
