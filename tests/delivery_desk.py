"""A world with webhooks and deliveries, and rounds whose time passes only while they wait (`bench/virtual_time.py`).

`send` runs a round to its end. A receiver answers at once with 200 unless `answers` has a function for the path of its
webhook, which may let time pass.
"""

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any

from bench.virtual_time import VirtualTime
from chalicelib.access.context import Context
from chalicelib.model.ids import TenantId
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.webhooks import Delivery, Target, Webhook, WebhookId
from chalicelib.stores import memory
from chalicelib.stores.interfaces import Counted, Stores, WebhookResponse
from chalicelib.stores.paging import Clock
from chalicelib.webhooks.delivery_rounds import send_due_deliveries
from chalicelib.webhooks.outbox import delivery_of
from tests.world import NOW, OURS, World

NO = WebhookResponse(status_code=500, response="no")
OK = WebhookResponse(status_code=200, response="ok")


@dataclass(frozen=True)
class Request:
    """One POST, as a receiver saw it."""

    at: float
    path: str
    event_id: str


class DeliveryDesk:
    """Webhooks, deliveries and rounds. `requests` are the POSTs so far, in order."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS, make_stores: Callable[[Clock], Stores] | None = None) -> None:
        self.time = VirtualTime(NOW)
        self.requests: list[Request] = []
        self.answers: dict[str, Callable[[], WebhookResponse]] = {}
        self.most_at_once: dict[str, int] = {}
        self._at_once: dict[str, int] = {}
        make_stores = make_stores or (lambda clock: memory.stores(clock=clock))
        self.stores = replace(make_stores(lambda: self.time.now), webhook_transport=self)
        self.context: Context = replace(
            World().context, stores=self.stores, clock=lambda: int(self.time.now), limits=limits
        )

    def webhook(self, name: str = "one", tenant_id: TenantId = OURS, **given: Any) -> Webhook:
        """Adds a webhook whose URL has its name as path."""
        webhook = Webhook(
            webhook_id=WebhookId(f"whk_{name}"), tenant_id=tenant_id, url=f"https://example.com/{name}", secret="s"
        )
        webhook = replace(webhook, **given)
        assert self.stores.webhooks.add(webhook, limit=99) is Counted.DONE
        return webhook

    def publish(self, webhook: Webhook, *event_ids: str, at: int | None = None) -> list[Delivery]:
        """Adds a delivery for each event and wakes the endpoint, as the outbox does."""
        at = int(self.time.now) if at is None else at
        made = [delivery_of(webhook, {"event_id": one, "type": "import.completed"}, at=at) for one in event_ids]
        for one in made:
            self.stores.deliveries.add(one)
        self.stores.webhooks.wake(webhook.tenant_id, [webhook.webhook_id], at)
        return made

    def start(self, send: Callable[..., int] = send_due_deliveries, *, after_s: float = 0) -> Future[object]:
        """Starts a round, which runs as soon as `pass_time` is called."""
        return self.time.spawn(lambda: send(self.context, self), after_s=after_s)

    def send(self, send: Callable[..., int] = send_due_deliveries, *, within_s: float = 100) -> object:
        """Runs a round to its end, and returns how many deliveries it tried. What has to happen within the time that is
        given."""
        ended = self.start(send)
        self.pass_time(within_s)
        return ended.result(0)

    def pass_time(self, seconds: float) -> None:
        """Lets time pass, and everything happen that happens meanwhile."""
        self.time.run(until=self.time.now + seconds)

    def stored(self, delivery: Delivery) -> Delivery:
        """Returns the delivery as it is stored now."""
        found = self.stores.deliveries.find(*delivery.endpoint, delivery.delivery_id)
        assert found is not None
        return found

    def stored_webhook(self, webhook: Webhook) -> Webhook:
        """Returns the webhook as it is stored now."""
        found = self.stores.webhooks.find(*webhook.endpoint)
        assert found is not None
        return found

    def is_due(self, webhook: Webhook) -> bool:
        """Whether it is time to look at this endpoint."""
        return webhook.endpoint in self.stores.webhooks.each_due(int(self.time.now))

    def paths(self) -> list[str]:
        """Returns which receivers were called, in order."""
        return [one.path for one in self.requests]

    def slowly(self, answer: WebhookResponse, seconds: float) -> Callable[[], WebhookResponse]:
        """Returns what answers after a time."""

        def wait() -> WebhookResponse:
            self.time.sleep(seconds)
            return answer

        return wait

    def post(self, target: Target, headers: Mapping[str, str], body: bytes, *, within_s: float) -> WebhookResponse:
        """Does what `WebhookTransport.post` promises."""
        path = target.path.removeprefix("/")
        self.requests.append(Request(self.time.now, path, headers["X-Sluice-Event-Id"]))
        self._at_once[path] = self._at_once.get(path, 0) + 1
        self.most_at_once[path] = max(self.most_at_once.get(path, 0), self._at_once[path])
        try:
            return self.answers[path]() if path in self.answers else OK
        finally:
            self._at_once[path] -= 1

    def submit(self, do: Callable[[], object]) -> Future[object]:
        """Does what `Senders.submit` promises."""
        return self.time.spawn(do)

    def wait(self, under_way: Collection[Future[object]], timeout_s: float) -> Collection[Future[object]]:
        """Does what `Senders.wait` promises."""
        return self.time.wait(under_way, timeout_s)
