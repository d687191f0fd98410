"""The routes of the dialects over any context: all that the app declares, without the app."""

from collections.abc import Callable

from chalice.app import Blueprint

from chalicelib.api.hal.routes import hal_routes
from chalicelib.api.objects.routes import objects_routes
from chalicelib.api.phased.export_routes import routes_of_exports
from chalicelib.api.phased.routes import phased_routes
from chalicelib.api.phased.schedule_routes import routes_of_schedules
from chalicelib.api.phased.webhook_routes import routes_of_webhooks
from chalicelib.api.teams.routes import teams_routes
from chalicelib.operations.context import Context


def every_dialect(context: Callable[[], Context], now: Callable[[], int]) -> list[Blueprint]:
    return [
        *all_of_phased(context),
        teams_routes(context, now),
        objects_routes(context),
        hal_routes(context, lambda request: ""),
    ]


def all_of_phased(context: Callable[[], Context]) -> list[Blueprint]:
    return [make(context) for make in (phased_routes, routes_of_exports, routes_of_schedules, routes_of_webhooks)]
