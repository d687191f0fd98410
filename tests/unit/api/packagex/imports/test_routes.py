"""The routes of imports, and which scope each demands."""

from chalicelib.api.packagex.imports.routes import ROUTES
from chalicelib.model.api_keys import Scope
from tests.unit.api.features import scopes_of


def test_what_reads_and_what_writes_demand_a_scope_each() -> None:
    assert scopes_of(ROUTES) == {"reads": {Scope.IMPORTS_READ}, "writes": {Scope.IMPORTS_WRITE, Scope.IMPORTS_UNDO}}


def test_what_creates_or_changes_may_be_repeated_under_a_key() -> None:
    assert {route.method for route in ROUTES if route.is_repeatable_by_key} == {"POST"}
