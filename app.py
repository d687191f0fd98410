"""The composition root: settings → stores → operations and machine; the routes of each dialect; every Lambda function.

Functions bear the names that template.yaml, the policy files and the state machine know. Packaging imports this module
without an environment, so everything is made on first use, once per process.

Every function starts with this module, and does one thing of many. What only some do is therefore imported inside what
makes it: the dialects, the machines, what the clock calls. Below this module that is so only of libraries that few rows
need, and of the OpenAPI document.
"""

import logging
import secrets
import time
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.logging.utils import copy_config_to_registered_loggers
from aws_lambda_powertools.metrics import MetricUnit
from chalice.app import Blueprint, Chalice, CloudWatchEvent, ConvertToMiddleware, Rate, Request

from chalicelib.access.context import Context
from chalicelib.api.http.health import health_routes
from chalicelib.api.http.lazy_routes import LazyRoutes
from chalicelib.api.http.request import base_url
from chalicelib.api.openapi.routes import documentation_routes
from chalicelib.config import read_settings
from chalicelib.exports.events import ExportEvent, ExportStopped, ShardEvent, is_of_export
from chalicelib.exports.functions import ExportFunctions
from chalicelib.imports.events import Event, FinishEvent, GateEvent, ImportFunctions, StoppedEvent, TaskEvent
from chalicelib.model.ids import derived_id
from chalicelib.model.limits import Limits
from chalicelib.stores.aws import AwsResources, stores_on_aws
from chalicelib.stores.interfaces import Stores

Json = dict[str, Any]

logger = Logger(service="sluice")
metrics = Metrics(namespace="Sluice", service="sluice")
logging.getLogger("chalicelib")  # registered first, so that what the core logs is written like all the rest
copy_config_to_registered_loggers(source_logger=logger, include={"chalicelib"})

DELIVERING_S = 45
"""So long one round of deliveries begins new ones; the next round comes a minute after it."""


def _new_id(prefix: str) -> str:
    return derived_id(prefix, secrets.token_bytes(20))


def _now() -> int:
    return int(time.time())


@cache
def _stores() -> Stores:
    settings = read_settings()
    places = AwsResources(
        control_table=settings.control_table,
        records_table=settings.records_table,
        idempotency_table=settings.idempotency_table,
        bucket=settings.bucket,
        machine_arn=settings.machine_arn,
        export_machine_arn=settings.export_machine_arn,
        event_bus=settings.event_bus,
        dynamodb_url=settings.dynamodb_url,
        allows_local_webhooks=settings.allows_local_webhooks,
    )
    return stores_on_aws(places, clock=time.time)


@cache
def _limits() -> Limits:
    return read_settings().to_limits()


def _new_attempt_id() -> str:
    """Names one attempt of one task."""
    return _new_id("try")


@cache
def _machine() -> ImportFunctions:
    from chalicelib.imports.handlers import ImportMachine

    return ImportMachine(stores=_stores(), limits=_limits(), now=time.time, new_attempt_id=_new_attempt_id)


@cache
def _context() -> Context:
    return Context(
        stores=_stores(),
        clock=_now,
        new_id=_new_id,
        open_runner=_machine,
        limits=_limits(),
        allows_local_webhooks=read_settings().allows_local_webhooks,
    )


def _base_url(request: Request) -> str:
    """Links in answers begin with it: as configured, or where the caller reached us."""
    return read_settings().base_url or base_url(request)


def _openapi_document() -> Json:
    from chalicelib.api.dialects import openapi_document

    return openapi_document()


app = Chalice(app_name="sluice")
app.api.binary_types.append("multipart/form-data")
app.register_middleware(
    ConvertToMiddleware(logger.inject_lambda_context(clear_state=True, correlation_id_path="import_id"))
)
app.register_blueprint(health_routes())
app.register_blueprint(documentation_routes(_base_url, _openapi_document))


def _packagex_imports() -> Blueprint:
    from chalicelib.api.packagex.imports.routes import import_routes

    return import_routes(_context)


def _packagex_records() -> Blueprint:
    from chalicelib.api.packagex.records.routes import record_routes

    return record_routes(_context)


def _packagex_exports() -> Blueprint:
    from chalicelib.api.packagex.exports.routes import export_routes

    return export_routes(_context)


def _packagex_schedules() -> Blueprint:
    from chalicelib.api.packagex.schedules.routes import schedule_routes

    return schedule_routes(_context)


def _packagex_webhooks() -> Blueprint:
    from chalicelib.api.packagex.webhooks.routes import webhook_routes

    return webhook_routes(_context)


def _cstar() -> Blueprint:
    from chalicelib.api.cstar.routes import cstar_routes

    return cstar_routes(_context, _now)


def _kasar() -> Blueprint:
    from chalicelib.api.kasar.routes import kasar_routes

    return kasar_routes(_context)


def _talkdesk() -> Blueprint:
    from chalicelib.api.talkdesk.routes import talkdesk_routes

    return talkdesk_routes(_context, _base_url)


DIALECTS = {
    "/v1": _packagex_imports,
    "/v1/records": _packagex_records,
    "/v1/exports": _packagex_exports,
    "/v1/export-schedules": _packagex_schedules,
    "/v1/webhooks": _packagex_webhooks,
    "/api/v1/teams": _cstar,
    "/api": _kasar,
    "/bulk-imports": _talkdesk,
    "/oauth": _talkdesk,
}
app.routes = LazyRoutes(app, DIALECTS)  # type: ignore[assignment]  # a mapping is enough for Chalice


@cache
def _exports() -> ExportFunctions:
    from chalicelib.exports.handlers import ExportSteps

    return ExportSteps(stores=_stores(), limits=_limits(), now=time.time, new_token=_new_attempt_id)


@app.lambda_function(name="plan_import")
def plan_import(event: Json, _context: object) -> Json:
    return _machine().plan(Event.model_validate(event)).model_dump(mode="json")


@app.lambda_function(name="run_phases")
def run_phases(event: Json, _context: object) -> Json:
    return _machine().run_phases(Event.model_validate(event)).model_dump(mode="json")


@app.lambda_function(name="run_phases_on_workbook")
def run_phases_on_workbook(event: Json, _context: object) -> Json:
    return _machine().run_phases(Event.model_validate(event)).model_dump(mode="json")


@app.lambda_function(name="prevalidate")
def prevalidate(event: Json, _context: object) -> None:
    _machine().run_task(TaskEvent.model_validate(event))


@app.lambda_function(name="prevalidate_workbook")
def prevalidate_workbook(event: Json, _context: object) -> None:
    _machine().run_task(TaskEvent.model_validate(event))


@app.lambda_function(name="find_duplicates")
def find_duplicates(event: Json, _context: object) -> None:
    _machine().run_task(TaskEvent.model_validate(event))


@app.lambda_function(name="run_batch_phase")
def run_batch_phase(event: Json, _context: object) -> None:
    _machine().run_task(TaskEvent.model_validate(event))


@app.lambda_function(name="clean_up_shard")
def clean_up_shard(event: Json, _context: object) -> None:
    _machine().run_task(TaskEvent.model_validate(event))


@app.lambda_function(name="close_phase")
def close_phase(event: Json, _context: object) -> Json:
    return _machine().close_phase(GateEvent.model_validate(event)).model_dump(mode="json")


@app.lambda_function(name="finish_import")
def finish_import(event: Json, _context: object) -> None:
    _machine().finish(FinishEvent.model_validate(event))


@app.lambda_function(name="steer_export")
def steer_export(event: Json, _context: object) -> Json | None:
    return _exports().steer(event)


@app.lambda_function(name="export_shard")
def export_shard(event: Json, _context: object) -> None:
    _exports().read(ShardEvent.model_validate(event))


@app.lambda_function(name="join_export")
def join_export(event: Json, _context: object) -> Json:
    return _exports().join(ExportEvent.model_validate(event)).model_dump(mode="json")


@app.on_cw_event({"source": ["aws.s3"], "detail-type": ["Object Created"]}, name="on_file")
def on_file(event: CloudWatchEvent) -> None:
    from chalicelib.imports import object_created

    bucket, file = event.detail["bucket"]["name"], event.detail["object"]
    object_created.object_stored(_context(), bucket, file["key"], file.get("version-id"))


@app.on_cw_event({"source": ["aws.states"]}, name="on_machine_stopped")
def on_machine_stopped(event: CloudWatchEvent) -> None:
    if is_of_export(event.detail):
        _exports().finish(ExportStopped.model_validate(event.detail).to_finish_event())
    else:
        _machine().finish(StoppedEvent.model_validate(event.detail).to_finish_event())


@app.schedule(Rate(5, unit=Rate.MINUTES), name="reap")
def reap(_event: CloudWatchEvent) -> None:
    from chalicelib.maintenance import reap_all

    reaped = reap_all(_context())
    metrics.add_metric(name="ImportsReaped", unit=MetricUnit.Count, value=reaped.ended)
    metrics.flush_metrics()


@app.schedule(Rate(1, unit=Rate.MINUTES), name="sweep")
def sweep(_event: CloudWatchEvent) -> None:
    """Fires what is due and goes on with what was fired."""
    from chalicelib.schedules import runner

    swept = runner.sweep(_context())
    for name, value in {
        "SchedulesFired": swept.fired,
        "RunsFailed": swept.failed,
        "SweepTrouble": swept.troubled,
    }.items():
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)
    metrics.flush_metrics()


@app.schedule(Rate(1, unit=Rate.MINUTES), name="announce")
def announce(_event: CloudWatchEvent) -> None:
    """Called by its own events too, so that webhooks hear of them within a second."""
    from chalicelib.webhooks.delivery import deliver_due
    from chalicelib.webhooks.outbox import publish_all_pending

    context = _context()
    owed = publish_all_pending(context.stores, context.clock())
    sent = deliver_due(context, until=context.clock() + DELIVERING_S)
    metrics.add_metric(name="AnnouncementsOwed", unit=MetricUnit.Count, value=owed)
    metrics.add_metric(name="DeliveriesTried", unit=MetricUnit.Count, value=sent)
    metrics.flush_metrics()
