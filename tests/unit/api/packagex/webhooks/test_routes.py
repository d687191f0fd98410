"""The routes of webhooks, and which scope each demands."""

from chalicelib.api.packagex.webhooks.routes import ROUTES
from chalicelib.model.api_keys import Scope


def test_every_route_has_its_scope() -> None:
    assert {(route.method, route.path): route.scope for route in ROUTES} == {
        ("POST", "/v1/webhooks"): Scope.WEBHOOKS_WRITE,
        ("GET", "/v1/webhooks"): Scope.WEBHOOKS_READ,
        ("GET", "/v1/webhooks/{webhook_id}"): Scope.WEBHOOKS_READ,
        ("POST", "/v1/webhooks/{webhook_id}"): Scope.WEBHOOKS_WRITE,
        ("DELETE", "/v1/webhooks/{webhook_id}"): Scope.WEBHOOKS_WRITE,
        ("POST", "/v1/webhooks/{webhook_id}/ping"): Scope.WEBHOOKS_WRITE,
        ("GET", "/v1/webhooks/{webhook_id}/deliveries"): Scope.WEBHOOKS_READ,
        ("POST", "/v1/webhooks/{webhook_id}/deliveries/{delivery_id}"): Scope.WEBHOOKS_WRITE,
    }


def test_a_secret_is_never_kept_for_a_repeat() -> None:
    kept = {route.path for route in ROUTES if route.is_repeatable_by_key}

    assert kept == {"/v1/webhooks/{webhook_id}/ping", "/v1/webhooks/{webhook_id}/deliveries/{delivery_id}"}
