"""The routes of records, and which scope each demands."""

from chalicelib.api.packagex.records.routes import ROUTES
from chalicelib.model.api_keys import Scope


def test_every_route_has_its_scope() -> None:
    assert {(route.method, route.path): route.scope for route in ROUTES} == {
        ("GET", "/v1/records/{resource}"): Scope.RECORDS_READ,
        ("GET", "/v1/records/{resource}/{record_id}"): Scope.RECORDS_READ,
    }


def test_what_creates_or_changes_may_be_repeated_under_a_key() -> None:
    assert {route.method for route in ROUTES if route.is_repeatable_by_key} == set()
