"""What mapping suggestions tell of their route in the OpenAPI document. The example is rendered as real answers are."""

from chalicelib.api.openapi.operation import FeatureDescription, Json, Operation, Success
from chalicelib.api.packagex.mapping_suggestions import requests, routes, schemas
from chalicelib.api.packagex.mapping_suggestions.responses import render_suggestion
from chalicelib.api.packagex.openapi_examples import enveloped
from chalicelib.imports.mapping_suggestions import suggest_columns
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.limits import DEFAULT_LIMITS

_HEADERS = ["Kundennr.", "Vor- und Nachname", "E-Mail-Adresse", "Mobil", "Geburtsdatum"]
_SAMPLES = [["C-1001", "Jana Vogt", "jana@example.com", "+49 170 5550142", "1990-04-12"]]
_BODY: Json = {"resource": "customer", "headers": _HEADERS, "samples": _SAMPLES}
_SUGGESTION = suggest_columns(RESOURCES["customers"], _HEADERS, _SAMPLES, DEFAULT_LIMITS)
_ANSWER = enveloped("Mapping suggested.", dict(render_suggestion(_SUGGESTION)), "/v1/mapping-suggestions")

FEATURE = FeatureDescription(
    routes=routes.ROUTES,
    operations={
        routes.suggest_mapping: Operation(
            summary="Suggest a column mapping",
            text="Nothing is stored. Headers are understood in twelve languages; samples say what words leave open.",
            body=requests.PackageXSuggestionRequest,
            bodies={"an address book in German": _BODY},
            successes=[
                Success(
                    text="The suggestion.",
                    schema=schemas.PackageXMappingSuggestionAnswer,
                    examples={"an address book in German": _ANSWER},
                )
            ],
            refusals=("unknown_resource",),
        ),
    },
    path_parameters={},
)
"""What mapping suggestions add to the description of PackageX."""
