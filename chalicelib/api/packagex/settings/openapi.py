"""What the settings tell of their routes in the OpenAPI document. The example is rendered as real answers are."""

from chalicelib.api.openapi.operation import FeatureDescription, Operation
from chalicelib.api.openapi.refusal_examples import AT
from chalicelib.api.packagex.openapi_examples import enveloped, success
from chalicelib.api.packagex.settings import requests, routes, schemas
from chalicelib.model.guard_rails import Tolerance
from chalicelib.model.ids import TenantId
from chalicelib.model.import_options import TenantSettings

_SETTINGS = TenantSettings(
    tenant_id=TenantId("a81d22b5-d522-46e4-ab01-29565240c648"),
    options={"max_failed": Tolerance(percent_hundredths=500), "max_deleted": Tolerance(count=100)},
    version=1,
    updated_by="key_1f8e",
    updated_at=AT,
)
_DATA = dict(routes.render_settings(_SETTINGS))

FEATURE = FeatureDescription(
    routes=routes.ROUTES,
    operations={
        routes.show_settings: Operation(
            summary="Show the settings",
            text="Defaults of the tenant's imports over these routes and by file drops; other dialects have none.",
            successes=success(schemas.PackageXSettingsAnswer, enveloped("Settings retrieved.", _DATA, "/v1/settings")),
        ),
        routes.update_settings: Operation(
            summary="Change the settings",
            text="What is given holds for imports from now on where neither request nor profile says otherwise; null "
            "states it no more.",
            body=requests.PackageXSettingsUpdate,
            bodies={"limits": {"max_failed": "5%", "max_deleted": 100}, "no limit": {"max_failed": None}},
            successes=success(schemas.PackageXSettingsAnswer, enveloped("Settings updated.", _DATA, "/v1/settings")),
        ),
    },
    path_parameters={},
)
"""What the settings add to the description of PackageX."""
