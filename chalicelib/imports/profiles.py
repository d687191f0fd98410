"""Import profiles, and the settings of a tenant: options that imports get without stating them.

    request > profile > settings

An import copies them when it is created; it shows from which version of which profile. What is stated as None, or by a
request as null, switches off what stands behind it.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from functools import cache
from typing import cast

import orjson
from pydantic import TypeAdapter, ValidationError

from chalicelib.access.context import Caller, Context
from chalicelib.access.validation import check_storable
from chalicelib.errors import Conflict, NotFound, Refused, Retryable
from chalicelib.imports.options import with_options
from chalicelib.imports.request import ImportRequest, checked_resource
from chalicelib.model.catalogue import RESOURCES, find_resource
from chalicelib.model.ids import CopiedProfile, TenantId
from chalicelib.model.import_options import ImportOptions, ImportProfile, ProfileId, TenantSettings
from chalicelib.model.imports import Action
from chalicelib.model.resources import Resource
from chalicelib.stores.interfaces import Counted

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""Names stand in the keys of dropped files."""
_TRIES = 8


def with_defaults(context: Context, tenant_id: TenantId, wanted: ImportRequest) -> ImportRequest:
    """Returns the request with the settings of its tenant."""
    return with_options(wanted, context.stores.import_profiles.find_settings(tenant_id).options)


def with_profile(wanted: ImportRequest, profile: ImportProfile) -> ImportRequest:
    """Returns the request with the options of a profile. Raises Refused `invalid_parameter` for one of another
    resource. What else is wrong with the request, `checked_resource` finds.
    """
    resource = find_resource(wanted.resource)
    if resource is not None and resource.name != profile.resource:  # an unknown one is refused by its own name
        message = f"The profile {profile.name!r} is for {profile.resource}, not {resource.name}."
        raise Refused("invalid_parameter", message, param="profile")
    copied = CopiedProfile(profile.profile_id, profile.version)
    return replace(with_options(wanted, profile.options), profile=copied)


def find_profile(context: Context, tenant_id: TenantId, name_or_id: str) -> ImportProfile:
    """Returns the tenant's profile of this name, or with this id. Raises NotFound `profile_not_found`."""
    profiles = context.stores.import_profiles
    listed = profiles.list_profiles(tenant_id) if name_or_id.startswith("prf_") else ()
    found = next((one for one in listed if one.profile_id == name_or_id), None)
    if found is None and NAME.fullmatch(name_or_id):
        found = profiles.find(tenant_id, name_or_id)
    if found is None:
        raise NotFound("profile_not_found", f"There is no import profile {name_or_id[:64]!r}.")
    return found


def create_profile(
    context: Context, caller: Caller, name: str, resource: Resource, options: ImportOptions
) -> ImportProfile:
    """Adds a profile and returns it. Raises Refused as an import with these options would, and Conflict
    `profile_exists`, `too_many_profiles`.
    """
    if not NAME.fullmatch(name):
        message = "A name has 1 to 64 letters, digits, points, hyphens or underscores, and begins with none of these."
        raise Refused("invalid_parameter", message, param="name")
    _check(context, resource, options)
    now = context.clock()
    profile = ImportProfile(
        profile_id=ProfileId(context.new_id("prf")),
        tenant_id=caller.tenant_id,
        name=name,
        resource=resource.name,
        options=options,
        created_by=caller.key_id,
        updated_by=caller.key_id,
        created_at=now,
        updated_at=now,
    )
    context.begin_work()
    profiles = context.stores.import_profiles
    added = profiles.add(profile, limit=context.limits.profiles)
    if added is Counted.FULL:
        message = f"There are {context.limits.profiles} profiles already; delete one first."
        raise Conflict("too_many_profiles", message)
    if added is Counted.DONE:
        return profile
    stored = profiles.find(caller.tenant_id, name)
    if stored is None or stored.profile_id != profile.profile_id:  # else a request that broke off has added it
        raise Conflict("profile_exists", f"There is a profile {name!r} already.")
    return stored


def list_profiles(context: Context, caller: Caller) -> list[ImportProfile]:
    """Returns the profiles of the caller's tenant, by name."""
    return context.stores.import_profiles.list_profiles(caller.tenant_id)


def change_profile(
    context: Context, caller: Caller, name_or_id: str, options: ImportOptions, unset: Collection[str] = ()
) -> ImportProfile:
    """Changes the options that are given, leaves out those of `unset`, and returns the profile, which has another
    version then. Raises NotFound, and Refused as an import with these options would.
    """
    for _ in range(_TRIES):
        profile = find_profile(context, caller.tenant_id, name_or_id)
        changed = replace(
            profile,
            options=_changed(profile.options, options, unset),
            version=profile.version + 1,
            updated_by=caller.key_id,
            updated_at=context.clock(),
        )
        _check(context, RESOURCES[profile.resource], changed.options)
        context.begin_work()
        if context.stores.import_profiles.replace(changed):
            return changed
    raise Retryable(f"the profile {name_or_id[:64]!r} keeps changing")


def delete_profile(context: Context, caller: Caller, name_or_id: str) -> ImportProfile:
    """Removes a profile and returns it as it was; imports keep what they have copied. Raises NotFound."""
    profile = find_profile(context, caller.tenant_id, name_or_id)
    context.begin_work()
    context.stores.import_profiles.delete(caller.tenant_id, profile.name)
    return profile


def get_settings(context: Context, caller: Caller) -> TenantSettings:
    """Returns the settings of the caller's tenant."""
    return context.stores.import_profiles.find_settings(caller.tenant_id)


def change_settings(
    context: Context, caller: Caller, options: ImportOptions, unset: Collection[str] = ()
) -> TenantSettings:
    """Changes the settings that are given, leaves out those of `unset`, and returns them."""
    for _ in range(_TRIES):
        settings = get_settings(context, caller)
        changed = replace(
            settings,
            options=_changed(settings.options, options, unset),
            version=settings.version + 1,
            updated_by=caller.key_id,
            updated_at=context.clock(),
        )
        context.begin_work()
        if context.stores.import_profiles.replace_settings(changed):
            return changed
    raise Retryable("the settings keep changing")


def _changed(before: ImportOptions, options: ImportOptions, unset: Collection[str]) -> ImportOptions:
    changed = {name: value for name, value in {**before, **options}.items() if name not in unset}
    return cast(ImportOptions, changed)


def _check(context: Context, resource: Resource, options: ImportOptions) -> None:
    wanted = ImportRequest(dialect="", resource=resource.name, action=Action.MERGE)
    checked_resource(with_options(wanted, options))
    document = _documents().dump_json(options, warnings=False)
    check_storable(orjson.loads(document), context.limits.profile_bytes, param="options")
    try:
        _documents().validate_json(document)
    except ValidationError as error:
        fault = error.errors(include_input=False)[0]
        raise Refused("invalid_parameter", f"{fault['msg']}.", param=str(fault["loc"][0])) from error


@cache
def _documents() -> TypeAdapter[ImportOptions]:
    return TypeAdapter(ImportOptions)
