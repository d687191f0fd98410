"""What may be asked of webhooks."""

from typing import Any

import pytest

from chalicelib.api.http.request_model import read_body
from chalicelib.api.packagex.webhooks.requests import PackageXWebhookRequest, PackageXWebhookUpdate
from chalicelib.errors import Refused
from chalicelib.model.webhooks import AuthHeader, WebhookStatus


def test_events_are_heard_once_each_in_their_order() -> None:
    body = {"url": "https://x.example", "events": ["import.failed", "import.completed", "import.failed"]}

    assert read_body(PackageXWebhookRequest, body).to_request().events == ("import.failed", "import.completed")


def test_only_what_is_given_changes() -> None:
    update = read_body(PackageXWebhookUpdate, {"status": "paused", "auth_header": {"name": "X-Key", "value": "1"}})

    assert update.to_values() == {
        "status": WebhookStatus.PAUSED,
        "auth_header": AuthHeader(name="X-Key", value="1"),
    }


def test_null_takes_name_and_header_away() -> None:
    update = read_body(PackageXWebhookUpdate, {"name": None, "auth_header": None})

    assert update.to_values() == {"name": None, "auth_header": None}


def test_a_new_secret_may_be_all_that_changes() -> None:
    assert read_body(PackageXWebhookUpdate, {"rotate_secret": True}).to_values() == {}


@pytest.mark.parametrize(("body", "param"), [({}, "url"), ({"url": None}, "url"), ({"status": None}, "status")])
def test_what_means_nothing_is_refused(body: dict[str, Any], param: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_body(PackageXWebhookUpdate, body).to_values()

    assert refusal.value.param == param
