"""The schemas of the settings have the fields that are rendered."""

from typing import Any

from chalicelib.api.packagex.settings import routes
from chalicelib.api.packagex.settings.openapi import FEATURE
from chalicelib.api.packagex.settings.schemas import PackageXSettings


def test_the_settings_have_the_fields_of_their_schema_in_their_order() -> None:
    [success] = FEATURE.operations[routes.show_settings].successes
    answer: Any = success.examples["an answer"]

    assert list(answer["data"]) == list(PackageXSettings.__annotations__)
