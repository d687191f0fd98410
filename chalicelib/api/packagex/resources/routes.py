"""The routes of the catalogue, `GET /v1/resources`, which are ours."""

from collections.abc import Iterable

from chalicelib.api.http.request_model import NoParameters
from chalicelib.api.http.response import JsonObject
from chalicelib.api.http.router import Call, Route
from chalicelib.api.packagex import ACTIONS
from chalicelib.api.packagex.envelope import PackageXAnswer
from chalicelib.api.packagex.resources.responses import render_resource, render_with_templates
from chalicelib.errors import NotFound
from chalicelib.model.api_keys import Scope
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.resources import Resource
from chalicelib.records.service import get_listed_resource


def list_resources(call: Call) -> PackageXAnswer:
    """Answers with all resources, their fields, and what imports do with them."""
    call.query(NoParameters)
    data: list[JsonObject] = [render_resource(one, _actions(call)) for one in RESOURCES.values() if _may_see(call, one)]
    return PackageXAnswer(message="Resources retrieved.", data=data)


def show_resource(call: Call) -> PackageXAnswer:
    """Answers with one resource and its templates."""
    call.query(NoParameters)
    resource = get_listed_resource(call.path["resource"])
    return PackageXAnswer(message="Resource retrieved.", data=render_with_templates(resource, _actions(call)))


def _admits_list(call: Call) -> None:
    """An import session sees its own resource, and no other."""


def _admits_own(call: Call) -> None:
    resource = get_listed_resource(call.path["resource"])
    if not _may_see(call, resource):
        raise NotFound("resource_not_found", f"There is no resource {call.path['resource'][:64]!r}.")


def _may_see(call: Call, resource: Resource) -> bool:
    return call.caller.session is None or call.caller.session.resource == resource.name


def _actions(call: Call) -> Iterable[str]:
    return ACTIONS if call.caller.session is None else call.caller.session.actions


ROUTES = (
    Route("GET", "/v1/resources", Scope.IMPORTS_READ, list_resources, admits_session=_admits_list),
    Route("GET", "/v1/resources/{resource}", Scope.IMPORTS_READ, show_resource, admits_session=_admits_own),
)
