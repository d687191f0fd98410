"""The routes of the settings, and which scope each demands."""

from chalicelib.api.packagex.settings.routes import ROUTES
from chalicelib.model.api_keys import Scope
from tests.unit.api.features import scopes_of


def test_what_reads_and_what_writes_demand_a_scope_each() -> None:
    assert scopes_of(ROUTES) == {"reads": {Scope.SETTINGS_READ}, "writes": {Scope.SETTINGS_WRITE}}
