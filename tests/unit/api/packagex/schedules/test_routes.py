"""The routes of schedules, and which scope each demands."""

from chalicelib.api.packagex.schedules.routes import ROUTES
from chalicelib.model.api_keys import Scope


def test_every_route_has_its_scope() -> None:
    assert {(route.method, route.path): route.scope for route in ROUTES} == {
        ("POST", "/v1/export-schedules"): Scope.EXPORTS_WRITE,
        ("GET", "/v1/export-schedules"): Scope.EXPORTS_READ,
        ("GET", "/v1/export-schedules/{schedule_id}"): Scope.EXPORTS_READ,
        ("POST", "/v1/export-schedules/{schedule_id}"): Scope.EXPORTS_WRITE,
        ("DELETE", "/v1/export-schedules/{schedule_id}"): Scope.EXPORTS_WRITE,
        ("GET", "/v1/export-schedules/{schedule_id}/runs"): Scope.EXPORTS_READ,
    }


def test_what_creates_or_changes_may_be_repeated_under_a_key() -> None:
    assert {route.method for route in ROUTES if route.is_repeatable_by_key} == {"POST"}
