"""The schemas of webhooks and events have the fields that are sent."""

from typing import Any

import pytest

from chalicelib.api.packagex.webhooks import routes
from chalicelib.api.packagex.webhooks.openapi import FEATURE
from chalicelib.api.packagex.webhooks.schemas import PackageXDelivery, PackageXWebhook, PackageXWebhookEvent


@pytest.mark.parametrize(
    ("view", "schema"), [(routes.show_webhook, PackageXWebhook), (routes.redeliver, PackageXDelivery)]
)
def test_a_body_has_the_fields_of_its_schema_in_their_order(view: Any, schema: Any) -> None:
    [success] = FEATURE.operations[view].successes
    answer: Any = success.examples["an answer"]

    assert list(answer["data"]) == list(schema.__annotations__)


@pytest.mark.parametrize("name", ["import.completed", "export.completed"])
def test_an_event_has_the_fields_of_its_schema(name: str) -> None:
    event: Any = FEATURE.operations[routes.create_webhook].callbacks["completion"].examples[name]

    assert set(event) == set(PackageXWebhookEvent.__annotations__)
