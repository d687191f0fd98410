"""What a key may ask about itself and its tenant: `GET /v1/whoami`, `/v1/keys` and `/v1/usage`, which are ours."""

from chalicelib.access import account
from chalicelib.api.http.request_model import NoParameters
from chalicelib.api.http.response import JsonObject
from chalicelib.api.http.router import Call, Route
from chalicelib.api.packagex.account.requests import PackageXUsageQuery
from chalicelib.api.packagex.account.responses import render_caller, render_key, render_usage
from chalicelib.api.packagex.envelope import PackageXAnswer
from chalicelib.model.api_keys import Scope


def show_caller(call: Call) -> PackageXAnswer:
    """Answers with the tenant, the scopes and the remaining requests of the key that asks."""
    call.query(NoParameters)
    return PackageXAnswer(message="Caller retrieved.", data=render_caller(call.caller))


def list_keys(call: Call) -> PackageXAnswer:
    """Answers with all keys of the tenant, newest first."""
    call.query(NoParameters)
    now = call.context.clock()
    data: list[JsonObject] = [
        render_key(one, call.caller, now=now) for one in account.list_keys(call.context, call.caller)
    ]
    return PackageXAnswer(message="Keys retrieved.", data=data)


def show_usage(call: Call) -> PackageXAnswer:
    """Answers with how many imports and exports there are, and what the tenant may have."""
    query = call.query(PackageXUsageQuery)
    usage = account.find_usage(call.context, call.caller, query.days)
    return PackageXAnswer(message="Usage retrieved.", data=render_usage(usage, call.caller, call.context.limits))


ROUTES = (
    Route("GET", "/v1/whoami", Scope.ACCOUNT_READ, show_caller),
    Route("GET", "/v1/keys", Scope.ACCOUNT_READ, list_keys),
    Route("GET", "/v1/usage", Scope.ACCOUNT_READ, show_usage),
)
