"""The routes of exports, and which scope each demands."""

from chalicelib.api.packagex.exports.routes import ROUTES
from chalicelib.model.api_keys import Scope


def test_every_route_has_its_scope() -> None:
    assert {(route.method, route.path): route.scope for route in ROUTES} == {
        ("POST", "/v1/exports"): Scope.EXPORTS_WRITE,
        ("GET", "/v1/exports"): Scope.EXPORTS_READ,
        ("GET", "/v1/exports/{export_id}"): Scope.EXPORTS_READ,
        ("POST", "/v1/exports/{export_id}"): Scope.EXPORTS_WRITE,
        ("DELETE", "/v1/exports/{export_id}"): Scope.EXPORTS_WRITE,
    }


def test_what_creates_or_changes_may_be_repeated_under_a_key() -> None:
    assert {route.method for route in ROUTES if route.is_repeatable_by_key} == {"POST"}
