"""The routes of the catalogue, `GET /v1/resources`, which are ours."""

from chalicelib.api.http.request_model import NoParameters
from chalicelib.api.http.response import JsonObject
from chalicelib.api.http.router import Call, Route
from chalicelib.api.packagex.envelope import PackageXAnswer
from chalicelib.api.packagex.resources.responses import render_resource, render_with_templates
from chalicelib.model.api_keys import Scope
from chalicelib.model.catalogue import RESOURCES
from chalicelib.records.service import get_listed_resource


def list_resources(call: Call) -> PackageXAnswer:
    """Answers with all resources, their fields, and what imports do with them."""
    call.query(NoParameters)
    data: list[JsonObject] = [render_resource(one) for one in RESOURCES.values()]
    return PackageXAnswer(message="Resources retrieved.", data=data)


def show_resource(call: Call) -> PackageXAnswer:
    """Answers with one resource and its templates."""
    call.query(NoParameters)
    resource = get_listed_resource(call.path["resource"])
    return PackageXAnswer(message="Resource retrieved.", data=render_with_templates(resource))


ROUTES = (
    Route("GET", "/v1/resources", Scope.IMPORTS_READ, list_resources),
    Route("GET", "/v1/resources/{resource}", Scope.IMPORTS_READ, show_resource),
)
