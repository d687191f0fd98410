"""Work objects: what the tasks of an import hand to each other, in a bucket, under the import and its attempt.

A try writes under its own token; readers see what the winning tries wrote, as the gate of the phase has recorded them.
"""

from chalicelib.work.attempt import ReadBlocks, Work
from chalicelib.work.cutting import BATCHES_PER_SPAN, BEGINNING, Manifest, Origin, Sweep, partition_of, share_of
from chalicelib.work.facts import SourceFacts
from chalicelib.work.objects import Pile

__all__ = [
    "BATCHES_PER_SPAN",
    "BEGINNING",
    "Manifest",
    "Origin",
    "Pile",
    "ReadBlocks",
    "SourceFacts",
    "Sweep",
    "Work",
    "partition_of",
    "share_of",
]
