"""What schedules tell of their routes is complete, and their examples are answers as they are given."""

from chalicelib.api.packagex.schedules import routes
from chalicelib.api.packagex.schedules.openapi import FEATURE
from tests.unit.api.features import superfluous, undescribed


def test_every_route_is_documented_and_nothing_else() -> None:
    assert undescribed(FEATURE) == set()
    assert superfluous(FEATURE) == set()


def test_there_may_be_too_many_schedules_only_where_one_is_created() -> None:
    told = [view for view, one in FEATURE.operations.items() if "too_many_schedules" in one.refusals]

    assert told == [routes.create_schedule]
