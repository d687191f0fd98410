"""Every Lambda function of the service, and nothing else; what they call is made in `chalicelib/bootstrap.py`.

Functions bear the names that template.yaml, `local/functions.py` and the state machines know. What the functions called
by the clock need is imported inside them: every function starts with this module, most of them without that.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.logging.utils import copy_config_to_registered_loggers
from aws_lambda_powertools.metrics import MetricUnit
from chalice.app import Chalice, CloudWatchEvent, ConvertToMiddleware, Rate

from chalicelib.api.console.importer import importer_routes
from chalicelib.api.console.routes import console_routes
from chalicelib.api.http.cross_origin import CROSS_ORIGIN, allow_origin
from chalicelib.api.http.health import health_routes
from chalicelib.api.http.lazy_routes import LazyRoutes
from chalicelib.api.http.safe_headers import with_safe_headers
from chalicelib.api.openapi.routes import documentation_routes
from chalicelib.bootstrap import (
    INVOCATION,
    ROUTES,
    bucket_origin,
    context,
    cors_origin,
    export_machine,
    find_import_session,
    import_machine,
    openapi_document,
    public_base_url,
    stack_name,
)
from chalicelib.exports.events import ExportEvent, ExportStopped, ShardEvent, is_of_export
from chalicelib.imports.events import (
    Event,
    FinishEvent,
    GateEvent,
    KilledTaskEvent,
    SectionEvent,
    StoppedEvent,
    TaskEvent,
)
from chalicelib.log_format import LogFormat, without_message
from chalicelib.log_keys import add_log_keys, ids_in, logging_about
from chalicelib.model.events import SOURCE

Json = dict[str, Any]

UNITS = {"PhaseSeconds": MetricUnit.Seconds}
"""The units of metrics that are no counts."""

logger = Logger(service="sluice", logger_formatter=LogFormat())
metrics = Metrics(namespace="Sluice", service="sluice")
logging.getLogger("chalicelib")  # registered first, so that what the core logs is written like all the rest
copy_config_to_registered_loggers(source_logger=logger, include={"chalicelib"})

app = Chalice(app_name="sluice")
app.api.binary_types.append("multipart/form-data")
app.api.cors = CROSS_ORIGIN  # of every route that is registered from here on
app.register_middleware(ConvertToMiddleware(logger.inject_lambda_context(clear_state=True)))
app.register_middleware(with_safe_headers, event_type="http")
app.register_middleware(allow_origin(cors_origin), event_type="http")
app.register_blueprint(health_routes())
app.register_blueprint(documentation_routes(public_base_url, openapi_document))
app.register_blueprint(console_routes(bucket_origin))
app.register_blueprint(importer_routes(bucket_origin, find_import_session))
app.routes = LazyRoutes(app, ROUTES)  # type: ignore[assignment]  # a mapping is enough for Chalice


@app.middleware("all")
def begin_invocation(event: Any, get_response: Callable[[Any], Any]) -> Any:
    """Tells the clients of AWS how long the function may go on, and the log what an event is about; measures what was
    throttled meanwhile.
    """
    lambda_context = getattr(event, "lambda_context", event.context)
    INVOCATION.begin(lambda: lambda_context.get_remaining_time_in_millis() / 1000)
    try:
        with logging_about(ids_in(getattr(event, "event", None))):
            return _respond(event, get_response)
    finally:
        if throttled := INVOCATION.take_throttled():
            _count(RequestsThrottled=throttled)


def _respond(event: Any, get_response: Callable[[Any], Any]) -> Any:
    """What leaves a function is logged by Lambda, too, which knows nothing of what may be told."""
    try:
        return get_response(event)
    except Exception as error:
        logger.exception("the function has failed")
        raise without_message(error) from None


@app.lambda_function(name="plan_import")
def plan_import(event: Json, _: object) -> Json:
    """Splits the source of an import and chooses how its phases are run."""
    return import_machine().plan(Event.model_validate(event)).model_dump(mode="json")


@app.lambda_function(name="run_phases")
def run_phases(event: Json, _: object) -> Json:
    """Runs all phases of an import in one task."""
    return import_machine().run_phases(Event.model_validate(event)).model_dump(mode="json")


@app.lambda_function(name="run_phases_on_workbook")
def run_phases_on_workbook(event: Json, _: object) -> Json:
    """Runs all phases of an import in one task, with the memory that a workbook needs."""
    return import_machine().run_phases(Event.model_validate(event)).model_dump(mode="json")


@app.lambda_function(name="prevalidate")
def prevalidate(event: Json, _: object) -> Json:
    """Runs prevalidation on one split of a source."""
    return import_machine().run_task(TaskEvent.model_validate(event)).model_dump(mode="json")


@app.lambda_function(name="prevalidate_workbook")
def prevalidate_workbook(event: Json, _: object) -> Json:
    """Runs prevalidation on a workbook, with the memory that it needs."""
    return import_machine().run_task(TaskEvent.model_validate(event)).model_dump(mode="json")


@app.lambda_function(name="find_duplicates")
def find_duplicates(event: Json, _: object) -> Json:
    """Looks for duplicates in one partition of the identity keys."""
    return import_machine().run_task(TaskEvent.model_validate(event)).model_dump(mode="json")


@app.lambda_function(name="run_batch_phase")
def run_batch_phase(event: Json, _: object) -> Json:
    """Runs a phase on one batch of rows."""
    return import_machine().run_task(TaskEvent.model_validate(event)).model_dump(mode="json")


@app.lambda_function(name="clean_up_shard")
def clean_up_shard(event: Json, _: object) -> Json:
    """Runs cleanup on one shard of the records."""
    return import_machine().run_task(TaskEvent.model_validate(event)).model_dump(mode="json")


@app.lambda_function(name="stop_task")
def stop_task(event: Json, _: object) -> None:
    """Stops the import of a task whose function was killed twice, and counts what the task has written."""
    import_machine().stop_task(KilledTaskEvent.model_validate(event))


@app.lambda_function(name="close_phase")
def close_phase(event: Json, _: object) -> Json:
    """Closes a phase and says which is next, with which tasks."""
    return import_machine().close_phase(GateEvent.model_validate(event)).model_dump(mode="json")


@app.lambda_function(name="describe_source")
def describe_source(event: Json, _: object) -> None:
    """Writes down what the source of an import looks like that is held or has ended."""
    import_machine().describe_source(Event.model_validate(event))


@app.lambda_function(name="finish_import")
def finish_import(event: Json, _: object) -> Json:
    """Gives an import its final status, or says what has to be written before."""
    return import_machine().finish(FinishEvent.model_validate(event)).model_dump(mode="json")


@app.lambda_function(name="write_results")
def write_results(event: Json, _: object) -> Json:
    """Writes what became of the rows of some batches of a large import."""
    return import_machine().write_results(SectionEvent.model_validate(event)).model_dump(mode="json")


@app.lambda_function(name="steer_export")
def steer_export(event: Json, _: object) -> Json | None:
    """Begins an export, closes its reading, or gives it its final status."""
    return export_machine().steer(event)


@app.lambda_function(name="export_shard")
def export_shard(event: Json, _: object) -> Json:
    """Reads one shard of the records for an export."""
    return export_machine().read(ShardEvent.model_validate(event)).model_dump(mode="json")


@app.lambda_function(name="join_export")
def join_export(event: Json, _: object) -> Json:
    """Writes the next part of the next file of an export."""
    return export_machine().join(ExportEvent.model_validate(event)).model_dump(mode="json")


@app.on_cw_event({"source": ["aws.s3"], "detail-type": ["Object Created"]}, name="on_file")
def on_file(event: CloudWatchEvent) -> None:
    """Begins the import for which a file was uploaded, or the one that a dropped file asks for."""
    from chalicelib.imports import file_drops

    bucket, file = event.detail["bucket"]["name"], event.detail["object"]
    file_drops.object_stored(context(), bucket, file["key"], file.get("version-id"))


@app.on_cw_event({"source": ["aws.states"]}, name="on_machine_stopped")
def on_machine_stopped(event: CloudWatchEvent) -> None:
    """Ends the export, or has the import ended, whose execution failed, timed out or was aborted."""
    if is_of_export(event.detail):
        finish = ExportStopped.model_validate(event.detail).to_finish_event()
        add_log_keys(ids_in(finish.model_dump()))
        export_machine().finish(finish)
    else:
        from chalicelib.imports.endings import execution_stopped

        stopped = StoppedEvent.model_validate(event.detail)
        add_log_keys(ids_in(stopped.input.model_dump()))
        execution_stopped(context().stores, stopped)


@app.schedule(Rate(5, unit=Rate.MINUTES), name="reap")
def reap(_event: CloudWatchEvent) -> None:
    """Ends imports and exports whose time is over or whose execution died; finds files that no event told of."""
    from chalicelib.maintenance import queue_lengths, reap_all

    reaped = reap_all(context())
    _count(ImportsReaped=reaped.ended, SweepTrouble=reaped.failed)
    for kind, length in queue_lengths(context()).items():
        _measure({"JobsRunning": length.running, "JobsWaiting": length.waiting}, {"job": kind.value})


@app.schedule(Rate(1, unit=Rate.MINUTES), name="run_schedules")
def run_schedules(_event: CloudWatchEvent) -> None:
    """Starts what is due by export schedules, and goes on with what was started before."""
    from chalicelib.schedules.runner import run_due_schedules

    done = run_due_schedules(context())
    _count(SchedulesFired=done.fired, RunsFailed=done.failed, SweepTrouble=done.troubled)


@app.schedule(Rate(1, unit=Rate.MINUTES), name="publish_events")
def publish_events(event: CloudWatchEvent) -> None:
    """Publishes pending events and sends due deliveries. Called by those events too, so that webhooks hear of them
    within a second; then it measures what has ended, and sends only.
    """
    from chalicelib.webhooks.delivery_rounds import send_due_deliveries, send_new_deliveries
    from chalicelib.webhooks.measurements import measured_end
    from chalicelib.webhooks.outbox import publish_all_pending

    given = context()
    if event.source == SOURCE:
        for one in measured_end(given.stores, event.detail):
            _measure({one.name: one.value}, one.dimensions)
        _count(DeliveriesTried=send_new_deliveries(given))
        return
    pending = publish_all_pending(given.stores, given.clock())
    _count(AnnouncementsOwed=pending, DeliveriesTried=send_due_deliveries(given))


def _count(**counts: int) -> None:
    """Writes metrics of the whole stack; alarms refer to them by these names."""
    _measure(counts, {})


def _measure(values: Mapping[str, float], dimensions: Mapping[str, str]) -> None:
    """Writes metrics under these dimensions; the dashboard refers to them by these names. What has not happened is not
    written: a metric costs money in the hours in which it has values, and alarms take what is missing for 0.
    """
    happened = {name: value for name, value in values.items() if value}
    if not happened:
        return
    for name, value in happened.items():
        metrics.add_metric(name=name, unit=UNITS.get(name, MetricUnit.Count), value=value)
    for name, text in {"stack": stack_name(), **dimensions}.items():
        metrics.add_dimension(name=name, value=text)
    metrics.flush_metrics()
