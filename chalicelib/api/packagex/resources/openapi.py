"""What the catalogue tells of its routes in the OpenAPI document. Examples are rendered as real answers are."""

from chalicelib.api.openapi.operation import FeatureDescription, Operation, PathParameter, Success
from chalicelib.api.packagex import RESOURCE_NAMES
from chalicelib.api.packagex.openapi_examples import enveloped
from chalicelib.api.packagex.resources import routes, schemas
from chalicelib.api.packagex.resources.responses import render_resource, render_with_templates
from chalicelib.model.catalogue import RESOURCES

_PATH = "/v1/resources"
_GROUPS = RESOURCES["groups"]
# Linters take a field for a schema, as it has a type and an example: examples show none, PackageXField describes them.
_LIST = enveloped("Resources retrieved.", [{**render_resource(_GROUPS), "fields": []}], _PATH)
_ONE = enveloped("Resource retrieved.", {**render_with_templates(_GROUPS), "fields": []}, f"{_PATH}/group")

FEATURE = FeatureDescription(
    routes=routes.ROUTES,
    operations={
        routes.list_resources: Operation(
            summary="List resources",
            text="Everything that can be imported: fields with types and choices, identities, references, actions.",
            successes=[
                Success(text="All of them.", schema=schemas.PackageXResourcesAnswer, examples={"one of them": _LIST})
            ],
        ),
        routes.show_resource: Operation(
            summary="Show a resource",
            text="With files to fill in, CSV and XLSX.",
            successes=[Success(text="The resource.", schema=schemas.PackageXResourceAnswer, examples={"groups": _ONE})],
            refusals=("resource_not_found",),
        ),
    },
    path_parameters={"resource": PathParameter("A resource, singular or plural.", "contacts", RESOURCE_NAMES)},
)
"""What the catalogue adds to the description of PackageX."""
