"""The schemas of webhooks and events have the fields that are sent."""

from typing import Any

import pytest

from chalicelib.api.packagex.webhooks import routes
from chalicelib.api.packagex.webhooks.openapi import FEATURE
from chalicelib.api.packagex.webhooks.schemas import (
    PackageXDelivery,
    PackageXUndoCounts,
    PackageXWebhook,
    PackageXWebhookEvent,
)
from chalicelib.model.events import event_of_import
from chalicelib.model.imports import Status
from tests.world import an_import


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

    assert set(event) == PackageXWebhookEvent.__required_keys__


def test_an_event_of_an_undo_has_all_fields_of_its_schema() -> None:
    undone = event_of_import(an_import(Status.COMPLETED, undo_of="imp_1")).to_body()

    assert set(undone) == set(PackageXWebhookEvent.__annotations__)
    assert set(undone["undo"]) == set(PackageXUndoCounts.__annotations__)
