"""The routes of webhooks, and which scope each demands."""

from chalicelib.api.packagex.webhooks.routes import ROUTES
from chalicelib.model.api_keys import Scope
from tests.unit.api.features import scopes_of


def test_what_reads_and_what_writes_demand_a_scope_each() -> None:
    assert scopes_of(ROUTES) == {"reads": {Scope.WEBHOOKS_READ}, "writes": {Scope.WEBHOOKS_WRITE}}


def test_a_secret_is_never_kept_for_a_repeat() -> None:
    kept = {route.path for route in ROUTES if route.is_repeatable_by_key}

    assert kept == {"/v1/webhooks/{webhook_id}/ping", "/v1/webhooks/{webhook_id}/deliveries/{delivery_id}"}
