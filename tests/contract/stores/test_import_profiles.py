"""What `ImportProfiles` promises: profiles and settings, of one tenant each, one version after the other."""

from dataclasses import replace

import pytest

from chalicelib.api.http.request_model import read_body
from chalicelib.api.packagex.imports.options import OPTION_NAMES
from chalicelib.api.packagex.profiles.requests import PackageXProfileRequest
from chalicelib.model.guard_rails import Tolerance
from chalicelib.model.ids import TenantId
from chalicelib.model.import_options import ImportProfile, ProfileId, TenantSettings
from chalicelib.model.imports import Action, DuplicateHandling
from chalicelib.model.notations import DateOrder, DecimalSign
from chalicelib.model.reading_options import ReadingOptions
from chalicelib.model.row_rules import MergeRule
from chalicelib.stores.interfaces import Counted, Stores


def a_profile(tenant: TenantId, name: str = "weekly") -> ImportProfile:
    return ImportProfile(
        profile_id=ProfileId(f"prf_{name}"),
        tenant_id=tenant,
        name=name,
        resource="customers",
        options={
            "action": Action.UPDATE,
            "duplicate_handling": DuplicateHandling.USE_FIRST,
            "column_mapping": {"name": "Kunde"},
            "reading": ReadingOptions(
                delimiter=";", decimal=DecimalSign.COMMA, date_order=DateOrder.DAY_FIRST, true_words=("x",)
            ),
            "match_by": ("external_id", "email"),
            "merge_rules": {"notes": MergeRule.APPEND_LINE},
            "max_failed": Tolerance(percent_hundredths=250),
            "max_deleted": None,
            "hold": True,
        },
        created_at=5,
    )


@pytest.fixture
def profile(stores: Stores, tenant: TenantId) -> ImportProfile:
    profile = a_profile(tenant)
    assert stores.import_profiles.add(profile, limit=9) is Counted.DONE
    return profile


def test_a_profile_is_found_as_it_was_added(stores: Stores, tenant: TenantId, profile: ImportProfile) -> None:
    assert stores.import_profiles.find(tenant, profile.name) == profile
    assert stores.import_profiles.find(TenantId(f"{tenant}x"), profile.name) is None


def test_a_name_is_taken_once_and_there_are_so_many(stores: Stores, tenant: TenantId, profile: ImportProfile) -> None:
    assert stores.import_profiles.add(replace(profile, version=7), limit=9) is Counted.REFUSED
    assert stores.import_profiles.add(a_profile(tenant, "daily"), limit=1) is Counted.FULL
    assert stores.import_profiles.add(a_profile(tenant, "daily"), limit=2) is Counted.DONE
    assert [one.name for one in stores.import_profiles.list_profiles(tenant)] == ["daily", "weekly"]


def test_a_version_follows_the_one_before(stores: Stores, tenant: TenantId, profile: ImportProfile) -> None:
    second = replace(profile, version=2, options={"hold": False})

    assert stores.import_profiles.replace(second)
    assert not stores.import_profiles.replace(replace(second, options={}))
    assert stores.import_profiles.find(tenant, profile.name) == second


def test_one_that_is_deleted_leaves_room(stores: Stores, tenant: TenantId, profile: ImportProfile) -> None:
    assert stores.import_profiles.delete(tenant, profile.name)
    assert not stores.import_profiles.delete(tenant, profile.name)
    assert not stores.import_profiles.replace(replace(profile, version=2))
    assert stores.import_profiles.add(profile, limit=1) is Counted.DONE


@pytest.mark.parametrize("option", OPTION_NAMES)
def test_an_option_that_is_stated_as_null_can_be_read_again(stores: Stores, tenant: TenantId, option: str) -> None:
    stated = read_body(PackageXProfileRequest, {"name": "weekly", "resource": "customers", option: None})
    profile = replace(a_profile(tenant), options=stated.to_options())

    assert stores.import_profiles.add(profile, limit=9) is Counted.DONE
    assert stores.import_profiles.list_profiles(tenant) == [profile]


def test_settings_follow_each_other_by_version(stores: Stores, tenant: TenantId) -> None:
    none = stores.import_profiles.find_settings(tenant)
    first = replace(none, version=1, options={"max_failed": Tolerance(count=3), "save_upload": False}, updated_at=5)

    assert none == TenantSettings(tenant_id=tenant, options={})
    assert stores.import_profiles.replace_settings(first)
    assert not stores.import_profiles.replace_settings(first)
    second = replace(first, version=2, options={})
    assert stores.import_profiles.replace_settings(second)
    assert stores.import_profiles.find_settings(tenant) == second
