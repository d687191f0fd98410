"""The routes of the dialects over any context: all that the app declares, without the app."""

from collections.abc import Callable

from chalice.app import Blueprint

from chalicelib.access.context import Context
from chalicelib.api.cstar.routes import teams_routes
from chalicelib.api.kasar.routes import objects_routes
from chalicelib.api.packagex.exports.routes import routes_of_exports
from chalicelib.api.packagex.imports.routes import phased_routes
from chalicelib.api.packagex.schedules.routes import routes_of_schedules
from chalicelib.api.packagex.webhooks.routes import routes_of_webhooks
from chalicelib.api.talkdesk.routes import hal_routes


def every_dialect(context: Callable[[], Context], now: Callable[[], int]) -> list[Blueprint]:
    return [
        *all_of_phased(context),
        teams_routes(context, now),
        objects_routes(context),
        hal_routes(context, lambda request: ""),
    ]


def all_of_phased(context: Callable[[], Context]) -> list[Blueprint]:
    return [make(context) for make in (phased_routes, routes_of_exports, routes_of_schedules, routes_of_webhooks)]
