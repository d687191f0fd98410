"""Work objects: what the tasks of an import hand to each other, in a bucket, under the import and its attempt.

A try writes under its own token; readers see what the winning tries wrote, as the gate of the phase has recorded them.
"""

from chalicelib.imports.workspace.objects import Pile
from chalicelib.imports.workspace.partitioning import (
    BATCHES_PER_SPAN,
    BEGINNING,
    Manifest,
    Origin,
    Sweep,
    partition_of,
    share_of,
)
from chalicelib.imports.workspace.source_facts import SourceFacts
from chalicelib.imports.workspace.workspace import ReadBlocks, Workspace

__all__ = [
    "BATCHES_PER_SPAN",
    "BEGINNING",
    "Manifest",
    "Origin",
    "Pile",
    "ReadBlocks",
    "SourceFacts",
    "Sweep",
    "Workspace",
    "partition_of",
    "share_of",
]
