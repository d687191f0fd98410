"""What imports tell of their routes is complete, and their examples are answers as they are given."""

from chalicelib.api.packagex.imports import routes
from chalicelib.api.packagex.imports.openapi import FEATURE
from tests.unit.api.features import superfluous, undescribed


def test_every_route_is_documented_and_nothing_else() -> None:
    assert undescribed(FEATURE) == set()
    assert superfluous(FEATURE) == set()


def test_the_two_ways_to_create_an_import_have_an_example_each() -> None:
    operation = FEATURE.operations[routes.create_import]

    assert {"signed upload", "records"} <= set(operation.bodies)
    [success] = operation.successes
    assert set(success.examples) == {"signed upload", "records"}
