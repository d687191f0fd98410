"""What exports tell of their routes in the OpenAPI document. Examples are rendered as real answers are."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from chalicelib.api.openapi.operation import FeatureDescription, Json, Operation, PathParameter
from chalicelib.api.openapi.refusal_examples import AT
from chalicelib.api.packagex.envelope import render_page
from chalicelib.api.packagex.exports import requests, routes, schemas
from chalicelib.api.packagex.exports.responses import render_export
from chalicelib.api.packagex.openapi_examples import created, enveloped, success
from chalicelib.errors import Conflict, NotFound
from chalicelib.model.exports import Export, ExportSelection
from chalicelib.model.ids import ExportId, TenantId
from chalicelib.model.write_options import Rendering

_PATH = "/v1/exports"
_EXPORT = Export(
    export_id=ExportId("exp_7c2k9m4x1z5v8b3n6q0w"),
    tenant_id=TenantId("a81d22b5-d522-46e4-ab01-29565240c648"),
    resource="contacts",
    name="Contacts, spring",
    selection=ExportSelection(fields=("id", "name", "email"), order_by="name"),
    renderings=(Rendering(),),
    options={"created_at": "gte:2024-01-01", "order_by": "name", "direction": "asc"},
    created_by="key_1f8e",
    updated_by="key_1f8e",
    created_at=AT,
    updated_at=AT,
)
_ONE = f"{_PATH}/{_EXPORT.export_id}"

_PATH_PARAMETERS = {"export_id": PathParameter("The export.", _EXPORT.export_id)}

_SAMPLES = (
    NotFound("export_not_found", "There is no export 'exp_1'."),
    Conflict("export_already_ended", "The export has ended already: completed."),
    Conflict("export_not_ended", "The export is still processing; cancel it first."),
)

_BODIES: dict[str, Json] = {
    "everything": {"resource": "contacts"},
    "a selection as CSV": {
        "resource": "contact",
        "format": "csv",
        "fields": ["id", "name", "email"],
        "options": _EXPORT.options,
    },
    "changes": {"resource": "contact", "format": "ndjson", "since": "2025-11-24T12:00:00Z"},
}


_RENDERED = render_export(_EXPORT, {})
_CREATED = enveloped("Export created.", _RENDERED, _PATH, int(HTTPStatus.CREATED))
_DELETED = {"object": "export", "id": _EXPORT.export_id, "deleted": True}

_OPERATIONS: Mapping[Any, Operation] = {
    routes.create_export: Operation(
        summary="Create an export",
        text="Any number of records, in any format; the answer comes at once, the files follow.",
        body=requests.PackageXExportRequest,
        bodies=_BODIES,
        successes=created(schemas.PackageXExportAnswer, _CREATED),
        refusals=("unknown_resource", "unknown_field", "invalid_filter"),
    ),
    routes.list_exports: Operation(
        summary="List exports",
        text="Newest first.",
        query=requests.PackageXExportsQuery,
        successes=success(
            schemas.PackageXExportsAnswer,
            enveloped("Exports retrieved.", [_RENDERED], _PATH, pagination=render_page(1, 10, 1)),
        ),
        refusals=("unknown_resource",),
    ),
    routes.show_export: Operation(
        summary="Show an export",
        text="Live while it runs; the flags add signed links to its files.",
        query=requests.PackageXExportQuery,
        successes=success(schemas.PackageXExportAnswer, enveloped("Export retrieved.", _RENDERED, _ONE)),
        refusals=("export_not_found",),
    ),
    routes.update_export: Operation(
        summary="Cancel or rename an export",
        text="What is given is done: a status cancels, a name renames, and null takes the name away.",
        body=requests.PackageXExportUpdate,
        bodies={"cancel": {"status": "canceled"}, "rename": {"name": "Contacts, autumn"}},
        successes=success(schemas.PackageXExportAnswer, enveloped("Export updated.", _RENDERED, _ONE)),
        refusals=("export_not_found", "export_already_ended"),
    ),
    routes.delete_export: Operation(
        summary="Delete an export",
        text="One that has ended, with its files.",
        successes=success(schemas.PackageXExportDeletionAnswer, enveloped("Export deleted.", _DELETED, _ONE)),
        refusals=("export_not_found", "export_not_ended"),
    ),
}

FEATURE = FeatureDescription(
    routes=routes.ROUTES,
    operations=_OPERATIONS,
    path_parameters=_PATH_PARAMETERS,
    samples=_SAMPLES,
)
"""What exports add to the description of PackageX."""
