"""The routes of the dialects over any context: all that the app declares, without the app."""

from collections.abc import Callable

from chalice.app import Blueprint

from chalicelib.access.context import Context
from chalicelib.api.cstar.routes import cstar_routes
from chalicelib.api.kasar.routes import kasar_routes
from chalicelib.api.packagex.exports.routes import export_routes
from chalicelib.api.packagex.imports.routes import import_routes
from chalicelib.api.packagex.records.routes import record_routes
from chalicelib.api.packagex.schedules.routes import schedule_routes
from chalicelib.api.packagex.webhooks.routes import webhook_routes
from chalicelib.api.talkdesk.routes import talkdesk_routes


def all_blueprints(context: Callable[[], Context], now: Callable[[], int]) -> list[Blueprint]:
    return [
        *packagex_routes(context),
        cstar_routes(context, now),
        kasar_routes(context),
        talkdesk_routes(context, lambda request: ""),
    ]


def packagex_routes(context: Callable[[], Context]) -> list[Blueprint]:
    return [make(context) for make in (import_routes, record_routes, export_routes, schedule_routes, webhook_routes)]
