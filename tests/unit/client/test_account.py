import anyio

from sluice.models.account import Caller
from tests.service_in_memory import ServiceInMemory
from tests.world import OURS


def test_a_key_learns_who_it_is() -> None:
    caller = ServiceInMemory().client().account.whoami()

    assert (caller.organization_id, caller.kind, caller.is_test) == (OURS, "px", False)
    assert "imports:write" in caller.scopes
    assert caller.requests is not None
    assert caller.requests.remaining < caller.requests.limit


def test_keys_are_listed_without_secrets() -> None:
    [key] = ServiceInMemory().client().account.keys()

    assert (key.is_current, key.status, key.raw.get("secret")) == (True, "active", None)


def test_usage_counts_by_status() -> None:
    client = ServiceInMemory().client()
    client.imports.run([{"name": "Ann", "email": "ann@example.com"}], resource="contacts")

    usage = client.account.usage(days=1)

    assert (usage.imports.total, usage.imports.by_status, usage.exports.total) == (1, {"completed": 1}, 0)
    assert [(one.imports, one.import_rows, one.exports) for one in usage.months] == [(1, 1, 0)]
    assert usage.limits["upload_bytes"] > 0


def test_what_awaits_is_told_the_same() -> None:
    service = ServiceInMemory()

    async def ask() -> Caller:
        async with service.async_client() as sluice:
            return await sluice.account.whoami()

    assert anyio.run(ask).key_id == service.client().account.whoami().key_id
