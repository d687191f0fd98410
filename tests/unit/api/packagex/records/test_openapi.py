"""What records tell of their routes is complete, and their examples are answers as they are given."""

from chalicelib.api.packagex.records import routes
from chalicelib.api.packagex.records.openapi import FEATURE
from tests.unit.api.features import superfluous, undescribed


def test_every_route_is_documented_and_nothing_else() -> None:
    assert undescribed(FEATURE) == set()
    assert superfluous(FEATURE) == set()


def test_a_page_of_records_leads_nowhere_else() -> None:
    [success] = FEATURE.operations[routes.list_records].successes

    assert success.examples["a page"]["pagination"]["cursor"] is None  # type: ignore[index] # JSON
