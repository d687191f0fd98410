"""The identities, required fields and references of assets, by which callers know what a row must give."""

from chalicelib.model.catalogue.assets import ASSETS


def test_assets_are_found_by_their_identities() -> None:
    assert [one.name for one in ASSETS.identities] == ["id", "external_id", "serial_number"]
    assert [one.name for one in ASSETS.match_fields] == []


def test_a_new_asset_must_give_what_is_required() -> None:
    assert ASSETS.required == ("name",)
    assert ASSETS.any_of == ()


def test_assets_name_records_of_these_resources() -> None:
    assert [(one.field, one.resource, one.is_required) for one in ASSETS.references] == [
        ("assigned_to", "contacts", False)
    ]
