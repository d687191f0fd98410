"""Settings from the environment, read on first use and validated as a whole.

Packaging imports `app.py` without an environment, so nothing here runs at import.
"""

import os
from collections.abc import Mapping
from dataclasses import fields

from pydantic import BaseModel, ConfigDict, Field, Json, field_validator, model_validator

from chalicelib.model.concurrency import shares_of
from chalicelib.model.limits import Limits
from chalicelib.model.retention import DAY_S
from chalicelib.stores.paging import SHARDS_AT_LEAST, SHARDS_AT_MOST


class Settings(BaseModel):
    """Names of the stack's parts, and limits that differ from their defaults."""

    model_config = ConfigDict(frozen=True)

    stack: str = Field(alias="SLUICE_STACK")
    """The name of the stack, by which its events and metrics differ from those of other stacks in the account."""
    control_table: str = Field(alias="SLUICE_CONTROL_TABLE")
    records_table: str = Field(alias="SLUICE_RECORDS_TABLE")
    idempotency_table: str = Field(alias="SLUICE_IDEMPOTENCY_TABLE")
    bucket: str = Field(alias="SLUICE_BUCKET")
    machine_arn: str = Field(alias="SLUICE_MACHINE_ARN")
    export_machine_arn: str = Field(alias="SLUICE_EXPORT_MACHINE_ARN")
    base_url: str = Field("", alias="SLUICE_BASE_URL")
    """The root of the public address, without a slash at its end; empty for the address of the request."""
    stage: str = Field("", alias="SLUICE_STAGE")
    event_bus: str = Field("default", alias="SLUICE_EVENT_BUS")
    """The name of the EventBridge bus to which events are published."""
    dynamodb_url: str = Field("", alias="SLUICE_DYNAMODB_URL")
    """Where DynamoDB answers; empty where botocore is to find out, which costs each cold start 50 ms."""
    record_shards: int = Field(SHARDS_AT_LEAST, alias="SLUICE_RECORD_SHARDS", ge=1, le=SHARDS_AT_MOST)
    """Over how many shards the records of a tenant's resource are spread at least, unless they are already."""
    allows_local_webhooks: bool = Field(False, alias="SLUICE_LOCAL_WEBHOOKS")
    """Lets webhooks call this machine, by http too; for the stage `local` only."""
    account_concurrency: int = Field(1_000, alias="SLUICE_ACCOUNT_CONCURRENCY", ge=10)
    """The Lambda concurrency of the account, which decides how many imports and exports run at the same time."""
    retention_days: int | None = Field(None, alias="SLUICE_RETENTION_DAYS", ge=1)
    """How long imports and exports are kept, where it is not the default."""
    limits: Json[dict[str, int]] = Field(default_factory=dict, alias="SLUICE_LIMITS")
    """Limits by name (`chalicelib/model/limits.py`), as a JSON object."""

    @field_validator("limits")
    @classmethod
    def _known(cls, limits: dict[str, int]) -> dict[str, int]:
        unknown = limits.keys() - {one.name for one in fields(Limits)}
        if unknown:
            raise ValueError(f"no such limits: {', '.join(sorted(unknown))}")
        return limits

    @model_validator(mode="after")
    def _safe(self) -> "Settings":
        if self.allows_local_webhooks and self.stage != "local":
            raise ValueError("webhooks may call this machine in the stage local only")
        return self

    def to_limits(self) -> Limits:
        """Returns the limits, with what is set in the environment."""
        retention = {"job_retention_s": self.retention_days * DAY_S} if self.retention_days else {}
        shares = shares_of(self.account_concurrency)
        at_once = {"stack_imports": shares.imports, "stack_exports": shares.exports}
        return Limits(**at_once | retention | self.limits)


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Returns the settings. Raises pydantic's ValidationError, which names every variable that is missing or wrong."""
    return Settings.model_validate(dict(environment))


def read_cors_origin(environment: Mapping[str, str] = os.environ) -> str:
    """Returns the origin whose pages may use the API, any where none is named. It stands alone because health and the
    documentation are answered whatever else is wrong with the settings.
    """
    return environment.get("SLUICE_CORS_ORIGIN", "*")
