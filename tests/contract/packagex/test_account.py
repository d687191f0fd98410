"""What a key may ask about itself and its tenant: whole bodies, and never a secret."""

from dataclasses import replace

import pytest

from chalicelib.model.api_keys import KINDS, ApiKey, KeyKind, Scope, digest_of
from chalicelib.model.exports import ExportStatus
from chalicelib.model.ids import TenantId, sibling_of
from chalicelib.model.imports import Status
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.retention import DAY_S, day_of
from tests.contract.packagex.bodies import enveloped, refusal
from tests.contract.packagex.clients import JSON, PackageXClient
from tests.world import NOW, OURS, THEIRS, World, an_export, an_import

WINDOW_ENDS = NOW - NOW % 60 + 60


def requests(remaining: int) -> JSON:
    return {"limit": 3_000, "remaining": remaining, "window_s": 60, "resets_at": WINDOW_ENDS}


def a_key(key_id: str, **given: object) -> ApiKey:
    key = ApiKey(
        digest=digest_of(key_id),
        tenant_id=OURS,
        scopes=frozenset({Scope.IMPORTS_READ}),
        key_id=key_id,
        name="Nightly",
        hint="px_…abcd",
        created_at=NOW - 50,
    )
    return replace(key, **given)  # type: ignore[arg-type]  # a mapping of mixed values


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def client(world: World) -> PackageXClient:
    return PackageXClient(world)


def test_a_key_says_who_it_is(client: PackageXClient) -> None:
    client.get("/v1/whoami")

    response = client.get("/v1/whoami")

    caller = {
        "object": "caller",
        "organization_id": OURS,
        "key_id": "key_test",
        "kind": "px",
        "is_test": False,
        "scopes": sorted(KINDS[KeyKind.PX].scopes),
        "requests": requests(2_998),
    }
    assert response.json_body == enveloped(caller, "Caller retrieved.", "/v1/whoami")


def test_keys_are_listed_newest_first_as_they_are(client: PackageXClient, world: World) -> None:
    world.stores.keys.add(a_key("key_old", expires_at=NOW - 1))
    world.stores.keys.add(a_key("key_test_data", tenant_id=sibling_of(OURS), test_of=OURS, created_at=NOW - 40))
    world.stores.keys.add(a_key("key_gone", revoked_at=NOW - 9, created_at=NOW - 30, kind=KeyKind.SK_LIVE))
    world.stores.keys.add(a_key("key_theirs", tenant_id=THEIRS))

    response = client.get("/v1/keys")

    keys = response.json_body["data"]
    assert [(one["id"], one["status"], one["is_test"], one["is_current"]) for one in keys] == [
        ("key_gone", "revoked", False, False),
        ("key_test_data", "active", True, False),
        ("key_old", "expired", False, False),
        ("key_test", "active", False, True),
    ]
    assert keys[2] == {
        "object": "key",
        "id": "key_old",
        "kind": "px",
        "name": "Nightly",
        "hint": "px_…abcd",
        "scopes": ["imports:read"],
        "is_test": False,
        "is_current": False,
        "status": "expired",
        "created_at": NOW - 50,
        "expires_at": NOW - 1,
        "revoked_at": None,
    }


def test_no_secret_and_no_digest_is_told(client: PackageXClient) -> None:
    told = client.get("/v1/keys").body.decode()

    assert "px_secret" not in told
    assert digest_of("px_secret") not in told


def month(name: str, **used: int) -> dict[str, object]:
    numbers = ("imports", "import_rows", "import_bytes", "previews", "preview_rows")
    exported = ("exports", "export_rows", "export_bytes")
    return {"month": name, **dict.fromkeys((*numbers, *exported), 0), **used}


def test_usage_counts_what_was_made_lately(client: PackageXClient, world: World) -> None:
    for number, status in enumerate([Status.COMPLETED, Status.FAILED, Status.CANCELED, Status.QUEUED]):
        world.stores.imports.add(an_import(status, f"imp_{number}"))
    world.stores.imports.add(an_import(Status.FAILED, "imp_before", created_at=NOW - 40 * DAY_S))
    world.stores.imports.add(an_import(Status.FAILED, "imp_theirs", tenant_id=TenantId(THEIRS)))
    world.stores.exports.add(an_export(ExportStatus.COMPLETED))

    response = client.get("/v1/usage")

    limits = DEFAULT_LIMITS
    usage = {
        "object": "usage",
        "since": (day_of(NOW) - 29) * DAY_S,
        "imports": {"total": 4, "by_status": {"completed": 1, "failed": 2, "queued": 1}},
        "exports": {"total": 1, "by_status": {"completed": 1}},
        "months": [month("2023-11", imports=4, exports=1)],
        "limits": {
            "tenant_imports": 5,
            "tenant_exports": 5,
            "tenant_schedules": 100,
            "webhooks": 20,
            "upload_bytes": limits.upload_bytes,
            "inline_upload_bytes": limits.inline_upload_bytes,
            "import_time_s": limits.import_time_s,
            "export_time_s": limits.export_time_s,
            "export_files_s": limits.export_files_s,
            "job_retention_s": limits.job_retention_s,
        },
        "requests": requests(2_999),
    }
    assert response.json_body == enveloped(usage, "Usage retrieved.", "/v1/usage")
    assert client.get("/v1/usage?days=41").json_body["data"]["imports"]["total"] == 5


@pytest.mark.parametrize("days", ["0", "401", "x"])
def test_a_number_of_days_that_cannot_be_is_refused(client: PackageXClient, days: str) -> None:
    status, code, _ = refusal(client.get(f"/v1/usage?days={days}"))

    assert (status, code) == (400, "validation_failed")


@pytest.mark.parametrize("path", ["/v1/whoami", "/v1/keys", "/v1/usage"])
def test_a_key_without_the_scope_is_told_nothing(client: PackageXClient, world: World, path: str) -> None:
    world.key("px_narrow", scopes=frozenset({Scope.IMPORTS_READ}), key_id="key_narrow")

    response = client.request("GET", path, headers={"PX-API-KEY": "px_narrow"})

    assert refusal(response)[0] == 403
