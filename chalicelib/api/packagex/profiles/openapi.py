"""What import profiles tell of their routes in the OpenAPI document. Examples are rendered as real answers are."""

from chalicelib.api.openapi.operation import FeatureDescription, Json, Operation, PathParameter
from chalicelib.api.openapi.refusal_examples import AT
from chalicelib.api.packagex.envelope import render_page
from chalicelib.api.packagex.openapi_examples import created, enveloped, success
from chalicelib.api.packagex.profiles import requests, routes, schemas
from chalicelib.api.packagex.profiles.responses import render_profile
from chalicelib.errors import Conflict
from chalicelib.model.guard_rails import Tolerance
from chalicelib.model.ids import TenantId, derived_id
from chalicelib.model.import_options import ImportProfile, ProfileId
from chalicelib.model.row_rules import MergeRule

_TENANT = TenantId("a81d22b5-d522-46e4-ab01-29565240c648")
_PROFILE = ImportProfile(
    profile_id=ProfileId(derived_id("prf", _TENANT, "weekly-customers")),
    tenant_id=_TENANT,
    name="weekly-customers",
    resource="customers",
    options={
        "column_mapping": {"name": "Kunde", "email": "E-Mail"},
        "match_by": ("external_id", "email"),
        "merge_rules": {"notes": MergeRule.APPEND_LINE},
        "max_failed": Tolerance(percent_hundredths=500),
    },
    created_by="key_1f8e",
    updated_by="key_1f8e",
    created_at=AT,
    updated_at=AT,
)
_BODY: Json = {
    "name": "weekly-customers",
    "resource": "customers",
    "column_mapping": {"name": "Kunde", "email": "E-Mail"},
    "match_by": ["external_id", "email"],
    "merge_rules": {"notes": "append_line"},
    "max_failed": "5%",
}
_PATH = "/v1/import-profiles"
_ONE = f"{_PATH}/{_PROFILE.profile_id}"
_DATA = dict(render_profile(_PROFILE))

FEATURE = FeatureDescription(
    routes=routes.ROUTES,
    operations={
        routes.create_profile: Operation(
            summary="Create an import profile",
            text="Options under a name. An import that names it copies them when it is created, and so does that of a "
            "file which is dropped under `drop/{tenant}/@{name}/`; what the request states itself goes before.",
            body=requests.PackageXProfileRequest,
            bodies={"a weekly file": _BODY},
            successes=created(schemas.PackageXProfileAnswer, enveloped("Import profile created.", _DATA, _PATH, 201)),
            refusals=("unknown_resource", "invalid_column_mapping", "profile_exists", "too_many_profiles"),
        ),
        routes.list_profiles: Operation(
            summary="List import profiles",
            text="All of them, 100 at most, by name.",
            successes=success(
                schemas.PackageXProfilesAnswer,
                enveloped("Import profiles retrieved.", [_DATA], _PATH, pagination=render_page(1, 100, 1)),
            ),
        ),
        routes.show_profile: Operation(
            summary="Show an import profile",
            text="By its name or its id.",
            successes=success(schemas.PackageXProfileAnswer, enveloped("Import profile retrieved.", _DATA, _ONE)),
            refusals=("profile_not_found",),
        ),
        routes.update_profile: Operation(
            summary="Change an import profile",
            text="What is given is stated anew, and the version counts up. Imports keep what they have copied.",
            body=requests.PackageXProfileUpdate,
            bodies={
                "another limit": {"max_failed": "2%"},
                "no limit, whatever the settings say": {"max_failed": None},
                "what the settings say": {"unset": ["max_failed"]},
            },
            successes=success(schemas.PackageXProfileAnswer, enveloped("Import profile updated.", _DATA, _ONE)),
            refusals=("profile_not_found", "invalid_column_mapping"),
        ),
        routes.delete_profile: Operation(
            summary="Delete an import profile",
            text="Imports keep what they have copied; files that are dropped under its name are refused from then on.",
            successes=success(
                schemas.PackageXProfileDeletionAnswer,
                enveloped(
                    "Import profile deleted.",
                    {"object": "import_profile", "id": _PROFILE.profile_id, "deleted": True},
                    _ONE,
                ),
            ),
            refusals=("profile_not_found",),
        ),
    },
    path_parameters={"profile_id": PathParameter("The profile, by name or id.", _PROFILE.profile_id)},
    samples=(
        Conflict("profile_exists", "There is a profile 'weekly-customers' already."),
        Conflict("too_many_profiles", "There are 100 profiles already; delete one first."),
    ),
)
"""What import profiles add to the description of PackageX."""
