"""What Kasar tells of its routes is complete."""

from chalicelib.api.kasar import OBJECTS
from chalicelib.api.kasar.openapi import DESCRIPTION
from chalicelib.api.kasar.schemas import KasarRateLimited
from tests.unit.api.features import superfluous, undescribed


def test_every_route_is_documented_and_nothing_else() -> None:
    [feature] = DESCRIPTION.features

    assert undescribed(feature) == set()
    assert superfluous(feature) == set()


def test_an_object_is_one_of_three_words() -> None:
    assert DESCRIPTION.path_parameters["object"].words == OBJECTS


def test_a_rate_limit_has_a_body_of_its_own() -> None:
    assert dict(DESCRIPTION.refusals) == {429: KasarRateLimited}
