"""The routes of the settings, which are ours. Each view parses, calls the service, and renders."""

from chalicelib.api.http.request_model import NoParameters
from chalicelib.api.http.router import Call, Route
from chalicelib.api.packagex.envelope import PackageXAnswer
from chalicelib.api.packagex.imports.responses import render_tolerance
from chalicelib.api.packagex.settings.requests import PackageXSettingsUpdate
from chalicelib.api.packagex.settings.schemas import PackageXSettings
from chalicelib.imports import profiles
from chalicelib.model.api_keys import Scope
from chalicelib.model.import_options import TenantSettings


def show_settings(call: Call) -> PackageXAnswer:
    """Answers with the settings of the tenant."""
    call.query(NoParameters)
    settings = profiles.get_settings(call.context, call.caller)
    return PackageXAnswer(message="Settings retrieved.", data=render_settings(settings))


def update_settings(call: Call) -> PackageXAnswer:
    """Changes the settings that are given."""
    call.query(NoParameters)
    body = call.body(PackageXSettingsUpdate)
    settings = profiles.change_settings(call.context, call.caller, body.to_options(), body.to_unset())
    return PackageXAnswer(message="Settings updated.", data=render_settings(settings))


def render_settings(settings: TenantSettings) -> PackageXSettings:
    """Returns the settings, with null for what is not stated."""
    options = settings.options
    return {
        "object": "settings",
        "max_failed": render_tolerance(options.get("max_failed")),
        "max_deleted": render_tolerance(options.get("max_deleted")),
        "all_or_nothing": options.get("all_or_nothing"),
        "save_upload": options.get("save_upload"),
        "hold": options.get("hold"),
        "version": settings.version,
        "updated_by": settings.updated_by or None,
        "updated_at": settings.updated_at or None,
    }


ROUTES = (
    Route("GET", "/v1/settings", Scope.SETTINGS_READ, show_settings),
    Route("POST", "/v1/settings", Scope.SETTINGS_WRITE, update_settings),
)
