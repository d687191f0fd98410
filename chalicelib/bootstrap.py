"""The composition root: settings → stores → what operations and machines are given; the routes of each dialect by path.

Packaging imports the app without an environment, so everything here is made on first use, once per process.

Every Lambda function imports this module, and does one thing of many. What only some of them do is therefore imported
inside the function that makes it: the dialects and the machines. A process imports the dialect that it is asked for.
"""

import secrets
import time
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any
from urllib.parse import urlsplit

from chalice.app import Blueprint, Request

from chalicelib.access.context import Context
from chalicelib.api.features import PACKAGEX_FEATURES
from chalicelib.api.http.request import base_url
from chalicelib.config import read_cors_origin, read_settings
from chalicelib.exports.events import ExportFunctions
from chalicelib.imports.events import ImportFunctions
from chalicelib.model.ids import derived_id
from chalicelib.model.import_sessions import ImportSession, ImportSessionId, is_session_id
from chalicelib.model.limits import Limits
from chalicelib.stores.aws import AwsResources, stores_on_aws
from chalicelib.stores.interfaces import Stores
from chalicelib.stores.invocation import Invocation

INVOCATION = Invocation()
"""The call that this process serves; `app.py` begins it, stores and machines ask it for the time that is left."""


@cache
def stores() -> Stores:
    """Returns the stores on AWS, where the settings say that they are."""
    settings = read_settings()
    resources = AwsResources(
        stack=settings.stack,
        control_table=settings.control_table,
        records_table=settings.records_table,
        idempotency_table=settings.idempotency_table,
        bucket=settings.bucket,
        machine_arn=settings.machine_arn,
        export_machine_arn=settings.export_machine_arn,
        event_bus=settings.event_bus,
        dynamodb_url=settings.dynamodb_url,
        record_shards=settings.record_shards,
        allows_local_webhooks=settings.allows_local_webhooks,
    )
    return stores_on_aws(resources, INVOCATION, clock=time.time, limits=limits())


@cache
def limits() -> Limits:
    """Returns the limits, with what the settings change of them."""
    return read_settings().to_limits()


def stack_name() -> str:
    """Returns the name of the stack that this process belongs to."""
    return read_settings().stack


def cors_origin() -> str:
    """Returns the origin whose pages may use the API."""
    return read_cors_origin()


@cache
def import_machine() -> ImportFunctions:
    """Returns what the Lambda functions of imports call."""
    from chalicelib.imports.handlers import ImportMachine

    return ImportMachine(
        stores=stores(),
        limits=limits(),
        now=time.time,
        new_attempt_id=_new_attempt_id,
        time_left_s=INVOCATION.time_left_s,
    )


@cache
def export_machine() -> ExportFunctions:
    """Returns what the Lambda functions of exports call."""
    from chalicelib.exports.handlers import ExportMachine

    return ExportMachine(
        stores=stores(),
        limits=limits(),
        now=time.time,
        new_attempt_id=_new_attempt_id,
        time_left_s=INVOCATION.time_left_s,
    )


@cache
def context() -> Context:
    """Returns what every operation is given."""
    return Context(
        stores=stores(),
        clock=now,
        new_id=new_id,
        open_runner=import_machine,
        limits=limits(),
        allows_local_webhooks=read_settings().allows_local_webhooks,
    )


def now() -> int:
    """Returns the time in whole epoch seconds."""
    return int(time.time())


def new_id(prefix: str) -> str:
    """Returns an id that cannot be guessed: the prefix and 26 random letters."""
    return derived_id(prefix, secrets.token_bytes(20))


def public_base_url(request: Request) -> str:
    """Returns the beginning of links in answers: as configured, or the address at which the caller reached us."""
    return read_settings().base_url or base_url(request)


@cache
def bucket_origin() -> str:
    """Returns scheme, host and port of the signed URLs, to which browsers send files."""
    signed = urlsplit(stores().files.download_url("origin", expires_s=1, filename="origin"))
    return f"{signed.scheme}://{signed.netloc}"


def find_import_session(text: str) -> ImportSession | None:
    """Returns the import session with this id, or None, also for what can be no id."""
    return stores().import_sessions.find(ImportSessionId(text)) if is_session_id(text) else None


def openapi_document() -> dict[str, Any]:
    """Returns the OpenAPI document of all dialects."""
    from chalicelib.api import dialects

    return dialects.openapi_document()


def _packagex(root: str, feature: str) -> Blueprint:
    from chalicelib.api.packagex.adapter import feature_routes

    return feature_routes(root, feature, context, public_base_url)


def _cstar() -> Blueprint:
    from chalicelib.api.cstar.routes import cstar_routes

    return cstar_routes(context, now)


def _kasar() -> Blueprint:
    from chalicelib.api.kasar.routes import kasar_routes

    return kasar_routes(context)


def _talkdesk() -> Blueprint:
    from chalicelib.api.talkdesk.routes import talkdesk_routes

    return talkdesk_routes(context, public_base_url)


ROUTES: Mapping[str, Callable[[], Blueprint]] = {
    **{root: partial(_packagex, root, feature) for root, feature in PACKAGEX_FEATURES.items()},
    "/api/v1/teams": _cstar,
    "/api": _kasar,
    "/bulk-imports": _talkdesk,
    "/oauth": _talkdesk,
}
"""What makes the routes of a dialect, or of a feature of one, by the beginning of its paths; the longest beginning that
fits a path counts."""


def _new_attempt_id() -> str:
    return new_id("att")
