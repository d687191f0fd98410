"""The route of mapping suggestions, which is ours. The view parses, asks, and renders."""

from chalicelib.api.http.request_model import NoParameters
from chalicelib.api.http.router import Call, Route
from chalicelib.api.packagex.envelope import PackageXAnswer
from chalicelib.api.packagex.mapping_suggestions.requests import PackageXSuggestionRequest
from chalicelib.api.packagex.mapping_suggestions.responses import render_suggestion
from chalicelib.api.packagex.parameters import known_resource
from chalicelib.imports.mapping_suggestions import suggest_columns
from chalicelib.model.api_keys import Scope
from chalicelib.model.catalogue import RESOURCES


def suggest_mapping(call: Call) -> PackageXAnswer:
    """Answers with the field that each column should feed."""
    call.query(NoParameters)
    body = call.body(PackageXSuggestionRequest)
    resource = RESOURCES[known_resource(body.resource)]
    suggestion = suggest_columns(resource, body.headers, body.to_rows(), call.context.limits)
    return PackageXAnswer(message="Mapping suggested.", data=render_suggestion(suggestion))


ROUTES = (Route("POST", "/v1/mapping-suggestions", Scope.IMPORTS_WRITE, suggest_mapping),)
