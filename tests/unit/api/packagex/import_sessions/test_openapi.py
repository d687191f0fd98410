"""What the routes of import sessions tell of themselves is complete."""

from chalicelib.api.packagex.import_sessions.openapi import FEATURE
from tests.unit.api.features import superfluous, undescribed


def test_every_route_is_documented_and_nothing_else() -> None:
    assert undescribed(FEATURE) == set()
    assert superfluous(FEATURE) == set()
