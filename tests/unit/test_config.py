"""What the environment may say."""

import pytest
from pydantic import ValidationError

from chalicelib.config import read_cors_origin, read_settings
from chalicelib.model.limits import Limits

NAMES = ("STACK", "CONTROL_TABLE", "RECORDS_TABLE", "IDEMPOTENCY_TABLE", "BUCKET", "MACHINE_ARN", "EXPORT_MACHINE_ARN")
LEAST = {f"SLUICE_{name}": "x" for name in NAMES}


def test_webhooks_stay_outside_unless_told_otherwise() -> None:
    assert not read_settings(LEAST).allows_local_webhooks


def test_a_stack_of_one_s_own_lets_webhooks_call_it() -> None:
    local = LEAST | {"SLUICE_LOCAL_WEBHOOKS": "true", "SLUICE_STAGE": "local"}

    assert read_settings(local).allows_local_webhooks


@pytest.mark.parametrize("stage", ["dev", "prod", ""])
def test_no_other_stage_lets_webhooks_inside(stage: str) -> None:
    with pytest.raises(ValidationError):
        read_settings(LEAST | {"SLUICE_LOCAL_WEBHOOKS": "true", "SLUICE_STAGE": stage})


def test_the_account_decides_how_many_jobs_run_at_once_and_limits_override_it() -> None:
    new_account = LEAST | {"SLUICE_ACCOUNT_CONCURRENCY": "10"}
    limits = read_settings(new_account | {"SLUICE_LIMITS": '{"stack_exports": 2}'}).to_limits()

    assert (limits.stack_imports, limits.stack_exports) == (3, 2)
    assert read_settings(LEAST).to_limits().stack_imports == 36


def test_retention_is_set_in_days_unless_the_limit_is_given() -> None:
    assert read_settings(LEAST).to_limits() == Limits()
    assert read_settings(LEAST | {"SLUICE_RETENTION_DAYS": "100"}).to_limits().job_retention_s == 100 * 86400
    both = LEAST | {"SLUICE_RETENTION_DAYS": "100", "SLUICE_LIMITS": '{"job_retention_s": 7}'}
    assert read_settings(both).to_limits().job_retention_s == 7


@pytest.mark.parametrize("days", ["0", "-1"])
def test_nothing_is_kept_for_no_time(days: str) -> None:
    with pytest.raises(ValidationError):
        read_settings(LEAST | {"SLUICE_RETENTION_DAYS": days})


def test_any_origin_may_use_the_api_where_none_is_named() -> None:
    assert read_cors_origin({}) == "*"
    assert read_cors_origin({"SLUICE_CORS_ORIGIN": "https://app.example.com"}) == "https://app.example.com"
