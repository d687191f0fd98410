"""The routes of the dialects over any context: all that the app declares, without the app."""

from collections.abc import Callable

from chalice.app import Blueprint

from chalicelib.access.context import Context
from chalicelib.api.cstar.routes import cstar_routes
from chalicelib.api.features import PACKAGEX_FEATURES
from chalicelib.api.kasar.routes import kasar_routes
from chalicelib.api.packagex.adapter import feature_routes
from chalicelib.api.talkdesk.routes import talkdesk_routes

BASE = "https://api.example.com"
"""The public address."""


def all_blueprints(context: Callable[[], Context], now: Callable[[], int]) -> list[Blueprint]:
    return [
        *packagex_routes(context),
        cstar_routes(context, now),
        kasar_routes(context),
        talkdesk_routes(context, lambda request: ""),
    ]


def packagex_routes(context: Callable[[], Context]) -> list[Blueprint]:
    return [feature_routes(root, feature, context, lambda request: BASE) for root, feature in PACKAGEX_FEATURES.items()]
