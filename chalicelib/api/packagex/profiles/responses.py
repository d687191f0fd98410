"""Import profiles as PackageX shows them."""

from chalicelib.api.packagex import RESOURCE_WORDS
from chalicelib.api.packagex.profiles.schemas import PackageXProfile
from chalicelib.api.packagex.profiles.stated_options import render_options
from chalicelib.model.import_options import ImportProfile


def render_profile(profile: ImportProfile) -> PackageXProfile:
    """Returns a profile with the options that it states."""
    return {
        "object": "import_profile",
        "id": profile.profile_id,
        "name": profile.name,
        "resource": RESOURCE_WORDS[profile.resource],
        "version": profile.version,
        "options": render_options(profile.options),
        "created_by": profile.created_by,
        "updated_by": profile.updated_by,
        "created_at": profile.created_at,
        "updated_at": profile.updated_at,
    }
