"""Two tenants of all dialects over HTTP, for tests that make their requests from the OpenAPI document."""

from collections.abc import Iterator

import pytest
from chalice.test import Client

from chalicelib.model.api_keys import KINDS, digest_of, key_id_of
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Status
from chalicelib.model.limits import Limits
from chalicelib.model.webhooks import Webhook, WebhookId
from tests.fuzzing import NOWHERE, Tenant, TwoTenants, secrets_of
from tests.http_server import serve
from tests.world import OURS, THEIRS, World, an_import

ENOUGH = 1_000_000
LIMITS = Limits(
    cstar_secret_key_requests=ENOUGH,
    kasar_key_requests=ENOUGH,
    packagex_key_requests=ENOUGH,
    talkdesk_client_requests=ENOUGH,
    sync_export_time_s=ENOUGH,
)


@pytest.fixture(scope="module")
def tenants() -> Iterator[TwoTenants]:
    world = World(LIMITS)
    with serve(world, Client) as base_url:
        yield TwoTenants(base_url, _tenant(world, OURS, "ours"), _tenant(world, THEIRS, "theirs"))


def _tenant(world: World, tenant_id: TenantId, name: str) -> Tenant:
    """With an import, a record and a webhook."""
    mark, import_id, record_id = f"mark-of-{name}", f"imp_{name}", f"con_{name}"
    assert world.stores.imports.add(an_import(Status.COMPLETED, ImportId(import_id), tenant_id=tenant_id, name=mark))
    world.record(record_id, {"name": mark}, tenant_id=tenant_id)
    secrets = secrets_of(
        lambda kind, secret: world.key(
            secret,
            tenant_id=tenant_id,
            kind=kind,
            scopes=KINDS[kind].scopes,
            key_id=key_id_of(digest_of(secret)),
        ),
        name,
    )
    webhook = Webhook(
        webhook_id=WebhookId(f"whk_{name}"), tenant_id=tenant_id, url=NOWHERE, secret=mark, name=mark, created_at=1
    )
    world.stores.webhooks.add(webhook, limit=9)
    things = {
        "team_id": tenant_id,
        "import_id": import_id,
        "record_id": record_id,
        "webhook_id": webhook.webhook_id,
    }
    return Tenant(secrets=secrets, things=things, mark=mark)
