"""Profiles and settings: what is found under which name, which options they state, and who may not overtake whom."""

from dataclasses import replace

import pytest

from chalicelib.errors import Conflict, NotFound, Refused, Retryable
from chalicelib.imports.profiles import (
    change_profile,
    change_settings,
    create_profile,
    delete_profile,
    find_profile,
    get_settings,
    list_profiles,
    with_defaults,
    with_profile,
)
from chalicelib.imports.request import ImportRequest
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.guard_rails import Tolerance
from chalicelib.model.ids import CopiedProfile
from chalicelib.model.import_options import ImportOptions, ImportProfile, TenantSettings
from chalicelib.model.imports import Action
from chalicelib.model.limits import Limits
from chalicelib.stores.memory import MemoryImportProfiles
from tests.world import NOW, OURS, THEIRS, World

OPTIONS: ImportOptions = {"action": Action.UPDATE, "match_by": ("email",)}
WANTED = ImportRequest(dialect="packagex", resource="customers", action=Action.MERGE)


def created(world: World, name: str = "weekly", options: ImportOptions = OPTIONS) -> ImportProfile:
    return create_profile(world.context, world.caller(), name, RESOURCES["customers"], options)


def test_a_profile_is_found_by_its_name_and_by_its_id_by_its_tenant_alone() -> None:
    world = World()
    profile, other = created(world), created(world, "prf_other")

    for named in ("weekly", profile.profile_id):
        assert find_profile(world.context, OURS, named) == profile
        with pytest.raises(NotFound, match="There is no import profile"):
            find_profile(world.context, THEIRS, named)
    assert find_profile(world.context, OURS, "prf_other") == other
    assert list_profiles(world.context, world.caller()) == [other, profile]
    assert list_profiles(world.context, world.caller(THEIRS)) == []


@pytest.mark.parametrize("named", ["", "monthly", "prf_unknown", "no name#at all"])
def test_what_no_profile_is_called_is_not_found(named: str) -> None:
    world = World()
    created(world)

    with pytest.raises(NotFound):
        find_profile(world.context, OURS, named)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        pytest.param("", OPTIONS, id="no name"),
        pytest.param("@weekly", OPTIONS, id="a name that cannot stand in a key"),
        pytest.param("w" * 65, OPTIONS, id="a name too long"),
        pytest.param("weekly", {"match_by": ("phone",)}, id="options that no import could have"),
        pytest.param("weekly", {"column_mapping": {"name": "x" * 300}}, id="more than can be kept"),
    ],
)
def test_a_profile_that_no_import_could_use_is_refused(name: str, options: ImportOptions) -> None:
    world = World(Limits(profile_bytes=200))

    with pytest.raises(Refused):
        created(world, name, options)

    assert list_profiles(world.context, world.caller()) == []


def test_a_name_is_taken_once_and_again_when_it_is_free() -> None:
    world = World()
    first = created(world)

    with pytest.raises(Conflict) as refused:
        created(world)
    delete_profile(world.context, world.caller(), "weekly")

    assert refused.value.code == "profile_exists"
    assert created(world).profile_id != first.profile_id


def test_a_request_that_follows_one_that_broke_off_finds_the_profile_that_it_has_made() -> None:
    world = World()
    world.context = replace(world.context, new_id=lambda prefix: f"{prefix}_same")
    first = created(world)
    world.now += 60

    assert created(world) == first


def test_a_tenant_has_so_many_profiles() -> None:
    world = World(Limits(profiles=1))
    created(world)

    with pytest.raises(Conflict) as refused:
        created(world, "monthly")

    assert refused.value.code == "too_many_profiles"


def test_a_change_states_options_anew_leaves_some_out_and_counts_up() -> None:
    world = World()
    created(world)
    world.now += 60

    changed = change_profile(world.context, world.caller(), "weekly", {"hold": True}, unset=["match_by"])

    assert (changed.options, changed.version) == ({"action": Action.UPDATE, "hold": True}, 2)
    assert (changed.created_at, changed.updated_at) == (NOW, NOW + 60)
    assert find_profile(world.context, OURS, "weekly") == changed


class OvertakenProfiles(MemoryImportProfiles):
    """Somebody else is faster with a change, so many times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.left = times

    def replace(self, profile: ImportProfile) -> bool:
        return self._is_first() and super().replace(profile)

    def replace_settings(self, settings: TenantSettings) -> bool:
        return self._is_first() and super().replace_settings(settings)

    def _is_first(self) -> bool:
        self.left -= 1
        return self.left < 0


@pytest.mark.parametrize("times", [1, 99])
def test_a_change_that_others_are_faster_than_is_made_anew_and_given_up_in_the_end(times: int) -> None:
    world = World()
    profiles = OvertakenProfiles(times)
    world.context = replace(world.context, stores=replace(world.stores, import_profiles=profiles))
    created(world)

    def change() -> tuple[int, int]:
        changed = change_profile(world.context, world.caller(), "weekly", {"hold": True})
        profiles.left = times
        return changed.version, change_settings(world.context, world.caller(), {"hold": True}).version

    if times == 1:
        assert change() == (2, 1)
    else:
        with pytest.raises(Retryable, match="keeps changing"):
            change()
        with pytest.raises(Retryable, match="keep changing"):
            change_settings(world.context, world.caller(), {"hold": True})


def test_an_import_copies_the_options_of_its_profile() -> None:
    world = World()
    profile = created(world)

    wanted = with_profile(WANTED, profile)

    assert (wanted.action, wanted.rules.match_by) == (Action.UPDATE, ("email",))
    assert wanted.profile == CopiedProfile(profile.profile_id, 1)


def test_a_profile_of_another_resource_is_refused() -> None:
    with pytest.raises(Refused, match="The profile 'weekly' is for customers, not contacts"):
        with_profile(replace(WANTED, resource="contact"), created(World()))


def test_settings_hold_for_the_imports_of_their_tenant() -> None:
    world = World()

    change_settings(world.context, world.caller(), {"max_failed": Tolerance(count=3), "hold": True})
    changed = change_settings(world.context, world.caller(), {"save_upload": False}, unset=["hold"])

    assert (changed.version, changed.options) == (2, {"max_failed": Tolerance(count=3), "save_upload": False})
    assert get_settings(world.context, world.caller()) == changed
    assert with_defaults(world.context, OURS, WANTED).guard_rails.max_failed == Tolerance(count=3)
    assert with_defaults(world.context, THEIRS, WANTED) == WANTED
