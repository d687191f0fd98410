"""Profiles hold what can be read again, and belong to one resource."""

from dataclasses import replace
from typing import Any, cast

import pytest

from chalicelib.errors import Refused
from chalicelib.imports.profiles import create_profile, with_profile
from chalicelib.imports.request import ImportRequest
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.import_options import ImportOptions, ImportProfile
from chalicelib.model.imports import Action
from tests.world import World


def created(world: World, **options: Any) -> ImportProfile:
    return create_profile(world.context, world.caller(), "weekly", RESOURCES["customers"], cast(ImportOptions, options))


@pytest.mark.parametrize("name", ["action", "duplicate_handling", "is_preview", "hold"])
def test_an_option_that_could_not_be_read_again_is_refused(name: str) -> None:
    world = World()

    with pytest.raises(Refused) as refusal:
        created(world, **{name: None})

    assert (refusal.value.code, refusal.value.param) == ("invalid_parameter", name)
    assert world.stores.import_profiles.list_profiles(world.caller().tenant_id) == []


def test_a_request_that_broke_off_finds_the_profile_that_it_has_added() -> None:
    world = World()
    world.context = replace(world.context, new_id=lambda prefix: f"{prefix}_1")
    first = created(world)
    world.now += 60

    assert created(world) == first


def test_a_resource_that_is_unknown_is_no_matter_of_the_profile() -> None:
    profile = created(World(), hold=True)
    wanted = ImportRequest(dialect="PX", resource="spaceships", action=Action.MERGE)

    assert with_profile(wanted, profile).hold
