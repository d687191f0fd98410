"""Task contexts for tests of single tasks: an import that has begun, without the machine that would run it."""

from chalicelib.imports.events import Event
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.workspace import Workspace
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.imports import Import
from tests.import_world import ImportWorld


def started_context(world: ImportWorld, import_: Import, *, attempt_id: str = "try") -> TaskContext:
    """Plans the import, as the machine does, and returns the context of one task attempt."""
    world.machine.plan(Event(tenant_id=import_.tenant_id, import_id=import_.import_id, attempt=import_.attempt))
    return TaskContext(
        import_=world.get(import_),
        resource=RESOURCES[import_.resource],
        stores=world.stores,
        workspace=Workspace(world.stores.files, import_, attempt_id=attempt_id),
        limits=world.limits,
        now=world.clock,
    )
