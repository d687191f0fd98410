"""`make admin DO="keys …"`: create, list, revoke and rotate API keys.

keys create --tenant UUID --kind sk_live --name "billing"      the secret is shown once
keys list --tenant UUID
keys revoke --tenant UUID KEY_ID
keys rotate --tenant UUID KEY_ID --overlap-hours 48
"""

import argparse
import secrets
from collections.abc import Callable

from chalicelib.access.api_keys import OVERLAP_S, IssuedKey, KeyIssuer, KeyRequest
from chalicelib.errors import Refused
from chalicelib.model.api_keys import KINDS, ApiKey, KeyKind, Scope
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.stores.interfaces import RequestCounter
from local.administration.arguments import to_tenant, to_time
from local.deployed_stack import DeployedStack
from local.key_tables import keys_of

HOUR_S, DAY_S = 3600, 24 * 3600


def describe(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the words of this group."""
    for name in (*COMMANDS, LIST):
        command = commands.add_parser(name)
        command.add_argument("--tenant", required=True, type=to_tenant, help="the live tenant's UUID")
        if name in ("revoke", "rotate"):
            command.add_argument("key_id", help="key_…, as list shows it")
    _describe_creation(commands.choices["create"])
    commands.choices["rotate"].add_argument("--overlap-hours", type=float, default=OVERLAP_S / HOUR_S)


def perform(given: argparse.Namespace, stack: DeployedStack, now: int) -> list[str]:
    """Returns what there is to say. Raises SystemExit where it is refused."""
    tables = keys_of(stack)
    return performed(given, KeyIssuer(keys=tables.keys, now=now, new_secret=new_secret), tables.usage)


def performed(given: argparse.Namespace, issuer: KeyIssuer, usage: RequestCounter) -> list[str]:
    """Returns what there is to say about it. Raises SystemExit with the reason where it is refused."""
    try:
        lines = _listed(given, issuer, usage) if given.command == LIST else COMMANDS[given.command](given, issuer)
    except Refused as refusal:
        raise SystemExit(refusal.message) from None
    return lines


def new_secret() -> str:
    """Returns a new secret: 32 characters of base64url, which are 192 bits."""
    return secrets.token_urlsafe(24)


def _describe_creation(command: argparse.ArgumentParser) -> None:
    command.add_argument("--kind", required=True, type=KeyKind, choices=list(KeyKind))
    command.add_argument("--name", default="", help="what people call it")
    command.add_argument("--days", type=float, help="it expires after so many days; otherwise never")
    scopes = [scope.value for scope in Scope]
    command.add_argument("--scope", action="append", choices=scopes, help="fewer than the kind has; may be repeated")


def _create(given: argparse.Namespace, issuer: KeyIssuer) -> list[str]:
    wanted = KeyRequest(
        tenant_id=given.tenant,
        kind=given.kind,
        name=given.name,
        scopes=frozenset(map(Scope, given.scope)) if given.scope else None,
        expires_at=issuer.now + int(given.days * DAY_S) if given.days is not None else None,
    )
    return _issued_lines(issuer.issue(wanted))


def _listed(given: argparse.Namespace, issuer: KeyIssuer, usage: RequestCounter) -> list[str]:
    keys = issuer.keys.list_keys(given.tenant)
    return [_line(key, issuer.now, _use(key, usage)) for key in keys] or ["The tenant has no keys."]


def _revoke(given: argparse.Namespace, issuer: KeyIssuer) -> list[str]:
    return [_line(issuer.revoke(given.tenant, given.key_id), issuer.now)]


def _rotate(given: argparse.Namespace, issuer: KeyIssuer) -> list[str]:
    overlap_s = int(given.overlap_hours * HOUR_S)
    issued = issuer.rotate(given.tenant, given.key_id, overlap_s=overlap_s)
    return [*_issued_lines(issued), f"The old key is good until {to_time(issuer.now + overlap_s)} at the latest."]


Command = Callable[[argparse.Namespace, KeyIssuer], list[str]]

COMMANDS: dict[str, Command] = {"create": _create, "revoke": _revoke, "rotate": _rotate}

LIST = "list"
"""The one command that looks at the keys' use."""


def _issued_lines(issued: IssuedKey) -> list[str]:
    return [f"{issued.key.key_id}  {issued.secret}", "Keep it: it is shown this once and stored as a digest only."]


def _line(key: ApiKey, now: int, use: str = "") -> str:
    scopes = ",".join(sorted(key.scopes)) or "no scopes"
    parts = (
        key.key_id,
        key.kind,
        key.hint,
        _state(key, now),
        f"since {to_time(key.created_at)}",
        use,
        scopes,
        key.name,
    )
    return "  ".join(part for part in parts if part)


def _use(key: ApiKey, usage: RequestCounter) -> str:
    """The begin of the minute, or the hour, in which the key's requests are counted."""
    used_at = usage.find_last(key.digest, KINDS[key.kind].rate_limit(DEFAULT_LIMITS))
    return f"last used {to_time(used_at)}" if used_at is not None else "unused"


def _state(key: ApiKey, now: int) -> str:
    if key.revoked_at is not None:
        return f"revoked {to_time(key.revoked_at)}"
    if key.expires_at is None:
        return "good"
    return f"{'good until' if key.is_live(now) else 'expired'} {to_time(key.expires_at)}"
