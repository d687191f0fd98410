"""What operations are given: who calls, and the surroundings."""

from dataclasses import replace

from tests.world import OURS, THEIRS, World


def test_a_caller_names_its_tenant_by_the_live_one() -> None:
    caller = World().caller()

    assert caller.live_tenant_id == OURS
    assert replace(caller, tenant_id=THEIRS, test_of=OURS).live_tenant_id == OURS


def test_the_runner_is_opened_when_it_is_needed() -> None:
    world = World()
    opened: list[object] = []

    def open_runner() -> object:
        opened.append(world.runner)
        return world.runner

    context = replace(world.context, open_runner=open_runner)  # type: ignore[arg-type]  # remembers the call
    assert opened == []

    assert context.runner is world.runner
    assert len(opened) == 1


def test_outside_of_a_request_nothing_notes_that_work_begins() -> None:
    context = World().context

    context.begin_work()

    assert not context.allows_local_webhooks
