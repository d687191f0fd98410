"""The routes of import sessions, and which scope each demands."""

from chalicelib.api.packagex.import_sessions.routes import ROUTES
from chalicelib.model.api_keys import KINDS, Scope
from tests.unit.api.features import scopes_of


def test_what_reads_and_what_writes_demand_a_scope_each() -> None:
    writes = {Scope.SESSIONS_WRITE, Scope.SESSIONS_EXCHANGE}

    assert scopes_of(ROUTES) == {"reads": {Scope.SESSIONS_READ}, "writes": writes}


def test_no_key_may_exchange() -> None:
    assert [kind for kind, traits in KINDS.items() if Scope.SESSIONS_EXCHANGE in traits.scopes] == []


def test_no_answer_with_a_secret_is_kept() -> None:
    assert [route.path for route in ROUTES if route.is_repeatable_by_key] == []
