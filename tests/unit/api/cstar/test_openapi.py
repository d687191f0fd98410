"""What cStar tells of its routes is complete, and its own refusals are told in its own words."""

from chalicelib.api.cstar import routes
from chalicelib.api.cstar.openapi import DESCRIPTION, csv_export
from tests.unit.api.features import superfluous, undescribed


def test_every_route_is_documented_and_nothing_else() -> None:
    [feature] = DESCRIPTION.features

    assert undescribed(feature) == set()
    assert superfluous(feature) == set()


def test_a_key_of_another_shape_may_meet_any_route() -> None:
    assert "malformed_key" in DESCRIPTION.caller_refusals
    assert all("foreign_team" in one.refusals for one in DESCRIPTION.operations.values())


def test_an_export_is_told_as_json_as_csv_and_as_a_redirect() -> None:
    successes = DESCRIPTION.operations[routes.create_export].successes

    assert [int(one.status) for one in successes] == [200, 200, 303]
    assert [one.content_type for one in successes][:2] == ["application/json", "text/csv"]
    assert b"id,title,status" in csv_export().content
