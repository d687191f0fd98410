"""The real pipeline for a `World`: what is imported through one dialect is stored, and seen through the others."""

from dataclasses import replace
from itertools import count

from chalicelib.imports.handlers import ImportMachine
from tests.world import World


def connect_pipeline(world: World) -> ImportMachine:
    """Makes the world's context run imports through a real machine, and returns that machine."""
    numbers = count(1)
    machine = ImportMachine(
        stores=world.stores,
        limits=world.context.limits,
        now=lambda: float(world.now),
        new_attempt_id=lambda: f"try{next(numbers)}",
    )
    world.context = replace(world.context, open_runner=lambda: machine)
    return machine
