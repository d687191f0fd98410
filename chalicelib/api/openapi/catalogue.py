"""The catalogue of resources for whoever maps columns to fields: `x-resources` of the document.

Rows are never refused for what their fields hold, each problem is told with its row; this is no schema of requests.
"""

from chalicelib.api.openapi.operation import Json
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.resources import Field, Resource


def render_catalogue() -> Json:
    return {name: _render(resource) for name, resource in RESOURCES.items()}


def _render(resource: Resource) -> Json:
    return {
        "singular": resource.singular,
        "identities": [identity.name for identity in resource.identities],
        "fields": [_render_field(one) for one in resource.fields],
    }


def _render_field(field: Field) -> Json:
    """Only what there is to say."""
    told = {
        "name": field.name,
        "type": field.type.value,
        "required": field.required,
        "read_only": field.is_computed,
        "choices": list(field.choices),
        "aliases": list(field.aliases),
        "example": field.example,
        "help": field.help,
    }
    return {name: value for name, value in told.items() if value}
