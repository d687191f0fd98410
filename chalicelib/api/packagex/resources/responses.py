"""Resources as PackageX shows them."""

from base64 import b64encode
from collections.abc import Iterable

from chalicelib.api.packagex import ACTIONS, RESOURCE_WORDS
from chalicelib.api.packagex.resources.schemas import (
    PackageXField,
    PackageXReference,
    PackageXResource,
    PackageXResourceWithTemplates,
)
from chalicelib.formats.registry import FORMATS
from chalicelib.imports.templates import template_file
from chalicelib.model.resources import Field, Reference, Resource


def render_resource(resource: Resource, actions: Iterable[str] = ACTIONS) -> PackageXResource:
    """Returns a resource with all its fields, and what may be done with it."""
    return {
        "object": "resource",
        "name": RESOURCE_WORDS[resource.name],
        "plural": resource.name,
        "fields": [_render_field(one) for one in resource.fields],
        "identities": [list(one.fields) for one in resource.identities],
        "any_of": [list(group) for group in resource.any_of],
        "references": [_render_reference(one) for one in resource.references],
        "actions": list(actions),
    }


def render_with_templates(resource: Resource, actions: Iterable[str] = ACTIONS) -> PackageXResourceWithTemplates:
    """Returns a resource with its templates."""
    templates = {"csv": _data_url(resource, "csv"), "xlsx": _data_url(resource, "xlsx")}
    return {**render_resource(resource, actions), "templates": templates}  # type: ignore[typeddict-item]


def _render_field(field: Field) -> PackageXField:
    return {
        "name": field.name,
        "label": field.label,
        "type": field.type.value,
        "required": field.required,
        "read_only": field.is_computed,
        "stored": field.is_stored,
        "choices": list(field.choices),
        "aliases": list(field.aliases),
        "max_length": field.max_length or None,
        "default": field.default,
        "example": field.example,
        "help": field.help,
    }


def _render_reference(reference: Reference) -> PackageXReference:
    return {
        "field": reference.field,
        "resource": RESOURCE_WORDS[reference.resource],
        "by": list(reference.by),
    }


def _data_url(resource: Resource, format_: str) -> str:
    content = b64encode(template_file(resource, format_)).decode()
    return f"data:{FORMATS[format_].content_type.partition(';')[0]};base64,{content}"
