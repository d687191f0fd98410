"""The schemas of import profiles have the fields that are rendered."""

from typing import Any

from chalicelib.api.packagex.profiles import routes
from chalicelib.api.packagex.profiles.openapi import FEATURE
from chalicelib.api.packagex.profiles.schemas import PackageXProfile


def test_a_profile_has_the_fields_of_its_schema_in_their_order() -> None:
    [success] = FEATURE.operations[routes.show_profile].successes
    answer: Any = success.examples["an answer"]

    assert list(answer["data"]) == list(PackageXProfile.__annotations__)
