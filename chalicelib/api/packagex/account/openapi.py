"""What the routes about a key and its tenant tell of themselves. Examples are rendered as real answers are."""

from chalicelib.access.account import Usage
from chalicelib.access.context import Caller
from chalicelib.api.openapi.operation import FeatureDescription, Operation, Success
from chalicelib.api.openapi.refusal_examples import AT
from chalicelib.api.packagex.account import requests, routes, schemas
from chalicelib.api.packagex.account.responses import render_caller, render_key, render_usage
from chalicelib.api.packagex.openapi_examples import enveloped
from chalicelib.model.api_keys import ApiKey, KeyKind, Scope
from chalicelib.model.exports import ExportStatus
from chalicelib.model.ids import TenantId
from chalicelib.model.imports import Status
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.rate_limits import MINUTE_S, RateLimit, RateLimitStatus
from chalicelib.model.retention import DAY_S
from chalicelib.model.usage import MonthUsage, month_of

_TENANT = TenantId("a81d22b5-d522-46e4-ab01-29565240c648")
_SCOPES = frozenset({Scope.ACCOUNT_READ, Scope.IMPORTS_READ, Scope.IMPORTS_WRITE})
_KEY = ApiKey(
    digest="",
    tenant_id=_TENANT,
    scopes=_SCOPES,
    key_id="key_1f8e",
    name="Nightly import",
    hint="px_…k3Zq",
    created_at=AT,
)
_CALLER = Caller(
    tenant_id=_TENANT,
    key_id=_KEY.key_id,
    scopes=_SCOPES,
    kind=KeyKind.PX,
    rate_limit_status=RateLimitStatus(rate_limit=RateLimit(3_000, MINUTE_S), used=12, begins_at=AT),
)
_MONTH = MonthUsage(
    month=month_of(AT), imports=43, import_rows=512_300, import_bytes=88_100_200, exports=7, export_rows=90_000
)
_USAGE = Usage(AT // DAY_S * DAY_S, {Status.COMPLETED: 41, Status.FAILED: 2}, {ExportStatus.COMPLETED: 7}, [_MONTH])

FEATURE = FeatureDescription(
    routes=routes.ROUTES,
    operations={
        routes.show_caller: Operation(
            summary="Show who asks",
            text="The tenant, the scopes and the remaining requests of the key that asks.",
            successes=[
                Success(
                    text="The caller.",
                    schema=schemas.PackageXCallerAnswer,
                    examples={"a key": enveloped("Caller retrieved.", render_caller(_CALLER), "/v1/whoami")},
                )
            ],
        ),
        routes.list_keys: Operation(
            summary="List API keys",
            text="All keys of the tenant, newest first, ended ones included. Their secrets are nowhere.",
            successes=[
                Success(
                    text="All of them.",
                    schema=schemas.PackageXKeysAnswer,
                    examples={"one key": enveloped("Keys retrieved.", [render_key(_KEY, _CALLER, now=AT)], "/v1/keys")},
                )
            ],
        ),
        routes.show_usage: Operation(
            summary="Show usage",
            text="Imports and exports that the tenant has made lately, by the status they have now, what it has used "
            "by month, and its limits.",
            query=requests.PackageXUsageQuery,
            successes=[
                Success(
                    text="The usage.",
                    schema=schemas.PackageXUsageAnswer,
                    examples={
                        "a month": enveloped(
                            "Usage retrieved.", render_usage(_USAGE, _CALLER, DEFAULT_LIMITS), "/v1/usage"
                        )
                    },
                )
            ],
        ),
    },
)
"""What a key may ask about itself adds to the description of PackageX."""
