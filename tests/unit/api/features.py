"""Is a feature's description complete? What tests of each feature's `openapi` module ask."""

import re

from chalicelib.api.openapi.operation import FeatureDescription
from chalicelib.api.openapi.refusal_examples import SAMPLES


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
