"""The routes of import profiles, and which scope each demands."""

from chalicelib.api.packagex.profiles.routes import ROUTES
from chalicelib.model.api_keys import Scope
from tests.unit.api.features import scopes_of


def test_what_reads_and_what_writes_demand_a_scope_each() -> None:
    assert scopes_of(ROUTES) == {"reads": {Scope.PROFILES_READ}, "writes": {Scope.PROFILES_WRITE}}
