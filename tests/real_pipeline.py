"""A world whose doors lead to the real road: what is imported through any dialect is stored, and seen by the others."""

from dataclasses import replace
from itertools import count

from chalicelib.imports.handlers import ImportMachine
from tests.world import World


def connect_pipeline(world: World) -> ImportMachine:
    """The machine behind the world's context from now on."""
    numbers = count(1)
    machine = ImportMachine(
        stores=world.stores,
        limits=world.context.limits,
        now=lambda: float(world.now),
        new_attempt_id=lambda: f"try{next(numbers)}",
    )
    world.context = replace(world.context, open_runner=lambda: machine)
    return machine
