"""A scene in good health, recorded: its calls are the places where something can go wrong, its end the measure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from chalicelib.stores.memory import MemoryEvents
from chalicelib.webhooks.outbox import publish_all_pending
from tests.faults.faults import Mishap, Once
from tests.faults.invariants import each_untold, each_violation
from tests.faults.recorder import Call, Tap
from tests.faults.scenarios import Scene
from tests.faults.simulated_import import Invoke, Play, Twins, simply
from tests.faults.stored_state import Evidence, gathered
from tests.import_world import Clock

REAL = Twins()
SWEPT_LATER_S = 3600
"""The minute's sweep comes long before."""


@dataclass(frozen=True)
class Recording:
    scene: Scene
    calls: list[Call]
    invocations: list[str]
    """Of functions, in order."""
    before: Evidence
    after: Evidence
    twins: Twins
    """What the scene is replayed with."""

    def replay(self, tap: Callable[[Clock], Tap], invoke: Invoke = simply) -> Play:
        """The scene once more, not yet begun, with a tap that may turn the clock."""
        clock = Clock()
        return Play(self.scene, tap(clock), invoke, clock, self.twins)

    def replay_with(self, number: int, mishap: Mishap) -> Play:
        return self.replay(lambda clock: Once(number, mishap, clock)).run()

    def violations(self, play: Play, *, may_end_early: bool = False) -> list[str]:
        publish_all_pending(play.stores, int(play.clock()) + SWEPT_LATER_S)
        found = gathered(play.stores, play.import_id)
        wrong = list(each_violation(found, self.after, self.before, len(play.imports.ends)))
        wrong += each_untold(found.import_, cast(MemoryEvents, play.stores.events).published)
        if found.import_.status is not self.after.import_.status and not may_end_early:
            wrong.append(f"I4: ended as {found.import_.status}: {found.import_.reason}")
        return wrong


def recorded(scene: Scene, twins: Twins = REAL) -> Recording:
    calls: list[Call] = []
    invocations: list[str] = []

    def tap(call: Call) -> Any:
        calls.append(call)
        return call.perform()

    def invoke(name: str, do: Callable[[], Any]) -> Any:
        invocations.append(name)
        return simply(name, do)

    play = Play(scene, tap, invoke, twins=twins)
    before = gathered(play.stores, play.import_id)
    play.run()
    return Recording(scene, calls, invocations, before, gathered(play.stores, play.import_id), twins)
