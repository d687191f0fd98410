"""The routes about a key, and which scope each demands."""

from chalicelib.api.packagex.account.routes import ROUTES
from chalicelib.model.api_keys import Scope
from tests.unit.api.features import scopes_of


def test_all_of_them_read_and_demand_one_scope() -> None:
    assert scopes_of(ROUTES) == {"reads": {Scope.ACCOUNT_READ}, "writes": set()}
