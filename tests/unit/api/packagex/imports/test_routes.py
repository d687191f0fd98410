"""The routes of imports, and which scope each demands."""

from chalicelib.api.packagex.imports.routes import ROUTES
from chalicelib.model.api_keys import Scope


def test_every_route_has_its_scope() -> None:
    assert {(route.method, route.path): route.scope for route in ROUTES} == {
        ("POST", "/v1/imports"): Scope.IMPORTS_WRITE,
        ("GET", "/v1/imports"): Scope.IMPORTS_READ,
        ("GET", "/v1/imports/{import_id}"): Scope.IMPORTS_READ,
        ("POST", "/v1/imports/{import_id}"): Scope.IMPORTS_WRITE,
        ("DELETE", "/v1/imports/{import_id}"): Scope.IMPORTS_WRITE,
    }


def test_what_creates_or_changes_may_be_repeated_under_a_key() -> None:
    assert {route.method for route in ROUTES if route.is_repeatable_by_key} == {"POST"}
