"""Many functions at once, one step at a time: which of them goes on next is drawn by a seed.

Every actor is a thread that runs only while it has the turn. It gives the turn back before each call of a store, so
that calls of all actors interleave in any order, and the same seed gives the same order again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random
from threading import Semaphore, Thread
from typing import Any

STEPS = 200_000
"""A schedule that needs more is taken for one that never ends."""


@dataclass(eq=False)
class Actor:
    name: str
    do: Callable[[], Any]
    weight: float = 1.0
    """How readily it is given the turn: one that is nearly never chosen hangs, and wakes up late."""
    turn: Semaphore = field(default_factory=lambda: Semaphore(0))
    waits_for: tuple["Actor", ...] = ()
    is_done: bool = False
    answer: Any = None
    error: BaseException | None = None

    @property
    def can_go_on(self) -> bool:
        return not self.is_done and all(one.is_done for one in self.waits_for)


class Stage:
    """Actors and whose turn it is."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._actors: list[Actor] = []
        self._back = Semaphore(0)
        self._current: Actor | None = None
        self.steps = 0

    def add(self, name: str, do: Callable[[], Any], *, weight: float = 1.0) -> Actor:
        actor = Actor(name, do, weight)
        self._actors.append(actor)
        Thread(target=self._live, args=(actor,), daemon=True).start()
        return actor

    def run(self) -> None:
        """Until every actor is done."""
        while able := [one for one in self._actors if one.can_go_on]:
            self.steps += 1
            assert self.steps < STEPS, f"{[one.name for one in able]} never end"
            (chosen,) = self._random.choices(able, [one.weight for one in able])
            self._give_turn(chosen)
            self._actors = [one for one in self._actors if not one.is_done]

    def pause(self) -> None:
        """Called by the actor that has the turn: others may go first."""
        actor = self._current
        if actor is not None:
            self._back.release()
            actor.turn.acquire()

    def wait_for(self, actors: Iterable[Actor]) -> None:
        """Called by the actor that has the turn: it goes on when these are done."""
        actor = self._current
        assert actor is not None
        actor.waits_for = tuple(actors)
        self.pause()

    def _give_turn(self, actor: Actor) -> None:
        self._current = actor
        actor.turn.release()
        self._back.acquire()
        self._current = None

    def _live(self, actor: Actor) -> None:
        actor.turn.acquire()
        try:
            actor.answer = actor.do()
        except BaseException as error:
            actor.error = error
        actor.is_done = True
        self._back.release()
