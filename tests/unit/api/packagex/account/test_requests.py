"""What may be asked of a tenant's usage."""

from chalicelib.api.http.request_model import read_query
from chalicelib.api.packagex.account.requests import MOST_DAYS, PackageXUsageQuery
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.retention import DAY_S


def test_usage_is_a_months_unless_other_days_are_given() -> None:
    assert (read_query(PackageXUsageQuery, {}).days, read_query(PackageXUsageQuery, {"days": "7"}).days) == (30, 7)


def test_usage_reaches_back_as_far_as_imports_are_kept() -> None:
    assert DEFAULT_LIMITS.job_retention_s == MOST_DAYS * DAY_S
