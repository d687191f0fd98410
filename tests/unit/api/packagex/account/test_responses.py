"""Usage and keys in the words of PackageX."""

from chalicelib.access.account import Usage
from chalicelib.access.context import Caller
from chalicelib.api.packagex.account.responses import LIMITS, render_caller, render_usage
from chalicelib.model.api_keys import KeyKind, Scope
from chalicelib.model.exports import ExportStatus
from chalicelib.model.ids import TenantId, sibling_of
from chalicelib.model.imports import Status
from chalicelib.model.limits import DEFAULT_LIMITS
from tests.world import OURS

TEST_CALLER = Caller(
    tenant_id=sibling_of(OURS), key_id="key_1", scopes=frozenset({Scope.ADMIN}), kind=KeyKind.SK_TEST, test_of=OURS
)


def test_a_test_key_belongs_to_the_tenant_as_callers_name_it() -> None:
    caller = render_caller(TEST_CALLER)

    assert (caller["organization_id"], caller["is_test"], caller["requests"]) == (TenantId(OURS), True, None)


def test_statuses_with_one_word_are_counted_together() -> None:
    imports = {Status.FAILED: 2, Status.CANCELED: 3, Status.COMPLETED: 1}

    usage = render_usage(Usage(0, imports, {ExportStatus.CANCELED: 1}, []), TEST_CALLER, DEFAULT_LIMITS)

    assert usage["imports"] == {"total": 6, "by_status": {"completed": 1, "failed": 5}}
    assert usage["exports"] == {"total": 1, "by_status": {"failed": 1}}
    assert [*usage["limits"]] == [*LIMITS]
