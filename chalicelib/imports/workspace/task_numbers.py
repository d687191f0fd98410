"""The numbers of the tasks that a phase has, as the import is divided: by splits, batches, sub-partitions or shards."""

from chalicelib.imports.workspace.workspace import Workspace
from chalicelib.model.phases import PhaseName, WorkUnit, spec_of


def task_numbers(workspace: Workspace, phase: PhaseName) -> tuple[int, ...]:
    """Returns the numbers of a phase's tasks. Raises NotFound where the import has not been divided so far."""
    unit = spec_of(phase).unit
    if unit is WorkUnit.BATCH:
        return tuple(workspace.get_batches())
    manifest = workspace.get_manifest()
    if unit is WorkUnit.SPLIT:
        return tuple(range(manifest.splits))
    if unit is WorkUnit.SHARD:
        return tuple(range(manifest.shards))
    return tuple(range(manifest.partitions * workspace.get_sub_partitions()))
