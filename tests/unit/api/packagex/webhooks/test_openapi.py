"""What webhooks tell of their routes is complete, and their examples are answers as they are given."""

from typing import Any

import pytest

from chalicelib.api.packagex.webhooks import routes
from chalicelib.api.packagex.webhooks.openapi import FEATURE
from tests.unit.api.features import superfluous, undescribed


def test_every_route_is_documented_and_nothing_else() -> None:
    assert undescribed(FEATURE) == set()
    assert superfluous(FEATURE) == set()


@pytest.mark.parametrize(("view", "secret"), [(routes.create_webhook, "whsec_…"), (routes.show_webhook, None)])
def test_the_secret_is_in_the_example_where_it_was_just_made(view: Any, secret: str | None) -> None:
    [success] = FEATURE.operations[view].successes
    example: Any = success.examples["an answer"]

    assert example["data"]["_secret"] == secret


def test_what_webhooks_get_is_told() -> None:
    assert set(FEATURE.operations[routes.create_webhook].callbacks["completion"].examples) == {
        "import.completed",
        "export.completed",
    }
