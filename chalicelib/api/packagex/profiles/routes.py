"""The routes of import profiles, which are ours. Each view parses, calls the service, and renders."""

from http import HTTPStatus

from chalicelib.api.http.request_model import NoParameters
from chalicelib.api.http.router import Call, Route
from chalicelib.api.packagex.envelope import PackageXAnswer, render_page
from chalicelib.api.packagex.parameters import known_resource
from chalicelib.api.packagex.profiles.requests import PackageXProfileRequest, PackageXProfileUpdate
from chalicelib.api.packagex.profiles.responses import render_profile
from chalicelib.imports import profiles
from chalicelib.model.api_keys import Scope
from chalicelib.model.catalogue import RESOURCES


def create_profile(call: Call) -> PackageXAnswer:
    """Creates a profile and answers with it."""
    call.query(NoParameters)
    body = call.body(PackageXProfileRequest)
    resource = RESOURCES[known_resource(body.resource)]
    profile = profiles.create_profile(call.context, call.caller, body.name, resource, body.to_options())
    return PackageXAnswer(
        message="Import profile created.",
        data=render_profile(profile),
        status=HTTPStatus.CREATED,
        location=f"/v1/import-profiles/{profile.profile_id}",
    )


def list_profiles(call: Call) -> PackageXAnswer:
    """Answers with all profiles on one page, by name."""
    call.query(NoParameters)
    data = [render_profile(one) for one in profiles.list_profiles(call.context, call.caller)]
    page = render_page(1, call.context.limits.profiles, len(data))
    return PackageXAnswer(message="Import profiles retrieved.", data=data, pagination=page)


def show_profile(call: Call) -> PackageXAnswer:
    """Answers with one profile."""
    call.query(NoParameters)
    profile = profiles.find_profile(call.context, call.caller.tenant_id, call.path["profile_id"])
    return PackageXAnswer(message="Import profile retrieved.", data=render_profile(profile))


def update_profile(call: Call) -> PackageXAnswer:
    """Changes the options that are given."""
    call.query(NoParameters)
    body = call.body(PackageXProfileUpdate).validated()
    options, unset = body.to_options(), body.to_unset()
    profile = profiles.change_profile(call.context, call.caller, call.path["profile_id"], options, unset)
    return PackageXAnswer(message="Import profile updated.", data=render_profile(profile))


def delete_profile(call: Call) -> PackageXAnswer:
    """Deletes a profile."""
    call.query(NoParameters)
    profile = profiles.delete_profile(call.context, call.caller, call.path["profile_id"])
    data = {"object": "import_profile", "id": profile.profile_id, "deleted": True}
    return PackageXAnswer(message="Import profile deleted.", data=data)


_ONE = "/v1/import-profiles/{profile_id}"

ROUTES = (
    Route("POST", "/v1/import-profiles", Scope.PROFILES_WRITE, create_profile),
    Route("GET", "/v1/import-profiles", Scope.PROFILES_READ, list_profiles),
    Route("GET", _ONE, Scope.PROFILES_READ, show_profile),
    Route("POST", _ONE, Scope.PROFILES_WRITE, update_profile),
    Route("DELETE", _ONE, Scope.PROFILES_WRITE, delete_profile),
)
