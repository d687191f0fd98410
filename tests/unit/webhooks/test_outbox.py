"""Every ending is announced, at least once, and always under the same id (I4)."""

from dataclasses import replace
from typing import cast

import pytest

from chalicelib.errors import Retryable
from chalicelib.imports import service
from chalicelib.imports.events import FinishEvent
from chalicelib.imports.lifecycle import end_unbegun
from chalicelib.model.events import LifecycleEvent
from chalicelib.model.imports import Import, Status
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.stop_reasons import EndReason
from chalicelib.model.webhooks import Webhook, WebhookId, WebhookStatus
from chalicelib.stores.interfaces import Stores
from chalicelib.stores.memory import MemoryEvents
from chalicelib.webhooks.outbox import GRACE_S, publish_all_pending, publish_now
from tests.import_world import ImportWorld
from tests.world import NOW, OURS, THEIRS, World

PEOPLE = "name,email\nAnn,ann@example.com\n"


def published(stores: Stores) -> list[LifecycleEvent]:
    return cast(MemoryEvents, stores.events).published


def breaks(stores: Stores, error: Retryable | None) -> None:
    cast(MemoryEvents, stores.events).raises = error


def listening(stores: Stores, webhook_id: str = "whk_1", **given: object) -> Webhook:
    webhook = Webhook(webhook_id=WebhookId(webhook_id), tenant_id=OURS, url="https://example.com/", secret="s")
    webhook = replace(webhook, **given)  # type: ignore[arg-type]  # a mapping of mixed values
    stores.webhooks.add(webhook, limit=9)
    return webhook


def events_for(world: World, webhook: Webhook) -> list[tuple[str, str]]:
    page = world.stores.deliveries.list_page(webhook.tenant_id, webhook.webhook_id, limit=100, after=None)
    return [(one.event_type, one.event_id) for one in page.deliveries]


def ended(world: World, to: Status = Status.FAILED) -> Import:
    """It got its status, and whoever gave it died before telling anybody."""
    import_ = world.add_import(Status.CANCELING if to is Status.CANCELED else Status.PROCESSING)
    change = ImportChange(to=to, at=world.now, ended_at=world.now)
    done = world.stores.imports.change(import_.tenant_id, import_.import_id, change)
    assert done is not None
    return done


def test_an_import_is_announced_once_by_whoever_ends_it() -> None:
    world = ImportWorld()

    import_ = world.run(PEOPLE)

    assert [(one.detail_type, one.job_id) for one in published(world.stores)] == [
        ("Import completed", import_.import_id)
    ]
    assert published(world.stores)[0].stats["created"] == 1
    assert world.get(import_).unpublished_since is None


def test_a_second_finish_announces_nothing_more() -> None:
    world = ImportWorld()
    import_ = world.run(PEOPLE)

    world.machine.finish(FinishEvent(tenant_id=import_.tenant_id, import_id=import_.import_id, attempt=1))

    assert len(published(world.stores)) == 1


def test_a_second_finish_makes_up_for_a_first_that_died() -> None:
    world = ImportWorld()
    breaks(world.stores, Retryable("no bus"))
    import_ = world.run(PEOPLE)
    breaks(world.stores, None)

    world.machine.finish(FinishEvent(tenant_id=import_.tenant_id, import_id=import_.import_id, attempt=1))

    assert [one.job_id for one in published(world.stores)] == [import_.import_id]


def test_an_import_ends_well_though_its_event_cannot_be_published() -> None:
    world = ImportWorld()
    breaks(world.stores, Retryable("no bus"))

    assert world.run(PEOPLE).status is Status.COMPLETED


@pytest.mark.parametrize("to", [Status.COMPLETED, Status.FAILED, Status.CANCELED, Status.TIMED_OUT])
def test_a_pending_event_of_a_dead_finisher_is_published_once(to: Status) -> None:
    world = World()
    webhook = listening(world.stores)
    import_ = ended(world, to)

    early = publish_all_pending(world.stores, NOW + GRACE_S)
    without = events_for(world, webhook)
    late = [publish_all_pending(world.stores, NOW + GRACE_S + seconds) for seconds in (1, 61)]

    told = published(world.stores)
    assert (early, without, late) == (0, [], [0, 0])
    assert [(one.job_id, one.status) for one in told] == [(import_.import_id, to.value)]
    assert events_for(world, webhook) == [(f"import.{to.value}", told[0].event_id)]


def test_what_is_told_again_has_the_same_id_and_reaches_each_subscriber_once() -> None:
    """The bus broke after the webhooks had been told: everything is told again."""
    world = World()
    webhook = listening(world.stores)
    import_ = ended(world)
    breaks(world.stores, Retryable("no bus"))
    publish_now(world.stores, import_)
    first = events_for(world, webhook)
    breaks(world.stores, None)

    still_owed = publish_all_pending(world.stores, NOW + 61)
    publish_now(world.stores, import_)  # one who still believes that it is owed

    assert still_owed == 0
    assert events_for(world, webhook) == first
    assert {one.event_id for one in published(world.stores)} == {first[0][1]}


def test_the_number_of_events_that_are_still_pending_is_returned() -> None:
    world = World()
    ended(world)
    breaks(world.stores, Retryable("no bus"))

    assert publish_all_pending(world.stores, NOW + 61) == 1


def test_only_those_who_listen_are_told() -> None:
    world = World()
    everything = listening(world.stores, "whk_1")
    failures = listening(world.stores, "whk_2", events=("import.failed",))
    successes = listening(world.stores, "whk_3", events=("import.completed",))
    paused = listening(world.stores, "whk_4", status=WebhookStatus.PAUSED)
    theirs = listening(world.stores, "whk_5", tenant_id=THEIRS)

    publish_now(world.stores, ended(world, Status.FAILED))

    told = [len(events_for(world, one)) for one in (everything, failures, successes, paused, theirs)]
    assert told == [1, 1, 0, 0, 0]


def test_an_import_that_never_began_is_announced_too() -> None:
    world = World()

    end_unbegun(world.context, world.add_import(Status.REQUESTED), EndReason(Status.EXPIRED, "upload_not_received"))

    assert [one.detail_type for one in published(world.stores)] == ["Import expired"]


def test_what_is_deleted_at_once_has_been_announced() -> None:
    world = World()
    import_ = ended(world)

    service.delete(world.context, world.caller(), import_.import_id)

    assert [one.job_id for one in published(world.stores)] == [import_.import_id]


def test_an_import_whose_end_could_not_be_published_is_not_deleted_yet() -> None:
    world = World()
    import_ = ended(world)
    breaks(world.stores, Retryable("no bus"))
    with pytest.raises(Retryable):
        service.delete(world.context, world.caller(), import_.import_id)
    breaks(world.stores, None)

    service.delete(world.context, world.caller(), import_.import_id)

    assert [one.job_id for one in published(world.stores)] == [import_.import_id]
