"""What exports tell of their routes is complete, and their examples are answers as they are given."""

from chalicelib.api.packagex.exports import routes
from chalicelib.api.packagex.exports.openapi import FEATURE
from tests.unit.api.features import superfluous, undescribed


def test_every_route_is_documented_and_nothing_else() -> None:
    assert undescribed(FEATURE) == set()
    assert superfluous(FEATURE) == set()


def test_a_new_export_is_answered_as_created() -> None:
    [success] = FEATURE.operations[routes.create_export].successes

    assert success.status == 201
    assert success.examples["an answer"]["data"]["status"] == "queued"  # type: ignore[index] # JSON
