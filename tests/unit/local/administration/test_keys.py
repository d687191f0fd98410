"""What `make admin DO="keys …"` says, over a key store in memory."""

import pytest

from chalicelib.access.api_keys import KeyIssuer
from chalicelib.model.ids import TenantId
from chalicelib.model.rate_limits import RateLimit
from chalicelib.stores.interfaces import Keys, RequestCounter
from chalicelib.stores.memory import MemoryKeys, MemoryRequestCounter
from local.administration.command import read_arguments
from local.administration.keys import new_secret, performed

TENANT = "11111111-1111-4111-8111-111111111111"
NOW = 1_700_000_000


def printed(keys: Keys, *arguments: str, usage: RequestCounter | None = None) -> list[str]:
    issuer = KeyIssuer(keys=keys, now=NOW, new_secret=lambda: "s" * 32)
    return performed(
        read_arguments(["keys", *arguments[:1], "--tenant", TENANT, *arguments[1:]]),
        issuer,
        usage or MemoryRequestCounter(),
    )


def test_a_key_is_printed_once_and_then_by_its_ends() -> None:
    keys = MemoryKeys()

    created = printed(keys, "create", "--kind", "sk_live", "--name", "billing", "--days", "1")
    listed = printed(keys, "list")

    key_id, secret = created[0].split()
    assert secret == "sk_live_" + "s" * 32
    assert listed == [
        f"{key_id}  sk_live  sk_live_…ssss  good until 2023-11-15T22:13:20Z  since 2023-11-14T22:13:20Z  unused  "
        "account:read,exports:read,exports:write,imports:read,imports:undo,imports:write,profiles:read,profiles:write,"
        "records:read,sessions:read,sessions:write,settings:read,settings:write,webhooks:read,webhooks:write  billing"
    ]


def test_a_revoked_key_is_told_so() -> None:
    keys = MemoryKeys()
    key_id = printed(keys, "create", "--kind", "ksr")[0].split()[0]

    assert printed(keys, "revoke", key_id) == [
        f"{key_id}  ksr  ksr_…ssss  revoked 2023-11-14T22:13:20Z  since 2023-11-14T22:13:20Z  no scopes"
    ]


def test_a_rotation_says_until_when_the_old_key_is_good() -> None:
    keys = MemoryKeys()
    key_id = printed(keys, "create", "--kind", "px")[0].split()[0]
    issuer = KeyIssuer(keys=keys, now=NOW, new_secret=lambda: "t" * 32)

    lines = performed(
        read_arguments(["keys", "rotate", "--tenant", TENANT, key_id, "--overlap-hours", "2"]),
        issuer,
        MemoryRequestCounter(),
    )

    assert lines[0].endswith("px_" + "t" * 32)
    assert lines[-1] == "The old key is good until 2023-11-15T00:13:20Z at the latest."
    assert len(printed(keys, "list")) == 2


def test_a_key_that_was_used_is_told_with_the_window_of_its_latest_request() -> None:
    keys, usage = MemoryKeys(), MemoryRequestCounter()
    printed(keys, "create", "--kind", "px")
    key = keys.list_keys(TenantId(TENANT))[0]
    usage.count(key.digest, RateLimit(3_000, 60), NOW + 100)

    assert "  last used 2023-11-14T22:15:00Z  " in printed(keys, "list", usage=usage)[0]


def test_a_tenant_without_keys_is_told_so() -> None:
    assert printed(MemoryKeys(), "list") == ["The tenant has no keys."]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(("revoke", "key_nobody"), "There is no key 'key_nobody'.", id="unknown key"),
        pytest.param(
            ("create", "--kind", "pk_live", "--scope", "imports:write"),
            "Keys of the kind pk_live have no imports:write.",
            id="too many scopes",
        ),
    ],
)
def test_what_is_refused_ends_with_the_reason(arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(SystemExit, match=message):
        printed(MemoryKeys(), *arguments)


def test_secrets_are_32_characters_of_base64url() -> None:
    secrets = {new_secret() for _ in range(100)}

    assert len(secrets) == 100
    assert all(len(one) == 32 and set(one) <= BASE64URL for one in secrets)


BASE64URL = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
