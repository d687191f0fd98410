"""What tests ask of every feature: are its routes closed by the scopes they should be, is its description complete?"""

import re
from collections.abc import Sequence
from typing import Any

from chalicelib.api.http.router import Route
from chalicelib.api.openapi.operation import FeatureDescription
from chalicelib.api.openapi.refusal_examples import SAMPLES
from chalicelib.model.api_keys import Scope


def undescribed(feature: FeatureDescription) -> set[str]:
    """Returns views without an operation, path parameters without a description, and codes without a sample."""
    views = {route.view.__name__ for route in feature.routes if route.view not in feature.operations}
    names = {name for route in feature.routes for name in re.findall(r"{(\w+)}", route.path)}
    codes = {code for operation in feature.operations.values() for code in operation.refusals}
    own = {sample.code for sample in feature.samples}
    return views | (names - set(feature.path_parameters)) | {code for code in codes - own if code not in SAMPLES}


def superfluous(feature: FeatureDescription) -> set[str]:
    """Returns operations without a route, and path parameters that are in no path."""
    views = {route.view for route in feature.routes}
    paths = "".join(route.path for route in feature.routes)
    unused = {name for name in feature.path_parameters if f"{{{name}}}" not in paths}
    return {view.__name__ for view in feature.operations if view not in views} | unused


def scopes_of(routes: Sequence[Route[Any]]) -> dict[str, set[Scope]]:
    """Returns the scopes of the routes that only read, and those of all others."""
    return {
        "reads": {route.scope for route in routes if route.method == "GET"},
        "writes": {route.scope for route in routes if route.method != "GET"},
    }
