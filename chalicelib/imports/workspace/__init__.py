"""Work objects: what the tasks of an import hand to each other, in a bucket, under the import and its attempt.

A task attempt writes under its own id; readers see what the committed attempts wrote, as the gate of the phase has
recorded them.
"""

from chalicelib.imports.workspace.attempts import AttemptMark
from chalicelib.imports.workspace.held_work import (
    HeldObjects,
    HeldResults,
    HeldWork,
    KeptWork,
    TooMuchToHold,
    read_work,
)
from chalicelib.imports.workspace.partitioning import (
    BATCHES_PER_SPLIT,
    NO_OFFSET,
    CleanupPlan,
    ImportManifest,
    SplitOffset,
    batches_of,
    sub_partition_of,
)
from chalicelib.imports.workspace.result_pieces import BatchRange, WrittenSection
from chalicelib.imports.workspace.row_pages import PageOfRows, RowRange, Skips
from chalicelib.imports.workspace.shuffled import writers_of
from chalicelib.imports.workspace.source_summary import SourceSummary
from chalicelib.imports.workspace.undo_plan import UndoSplit
from chalicelib.imports.workspace.work_objects import BlockBuffer, BlockPlace, ReadBlocks, RowCounts, address_of
from chalicelib.imports.workspace.workspace import Workspace

__all__ = [
    "BATCHES_PER_SPLIT",
    "NO_OFFSET",
    "AttemptMark",
    "BatchRange",
    "BlockBuffer",
    "BlockPlace",
    "CleanupPlan",
    "HeldObjects",
    "HeldResults",
    "HeldWork",
    "ImportManifest",
    "KeptWork",
    "PageOfRows",
    "ReadBlocks",
    "RowCounts",
    "RowRange",
    "Skips",
    "SourceSummary",
    "SplitOffset",
    "TooMuchToHold",
    "UndoSplit",
    "Workspace",
    "WrittenSection",
    "address_of",
    "batches_of",
    "read_work",
    "sub_partition_of",
    "writers_of",
]
