"""Preparsing and parsing of one partition of keys: namings of all batches → drops by batch."""

from chalicelib.journey import Journey
from chalicelib.model.imports import PhaseName
from chalicelib.model.results import TaskResult
from chalicelib.phases import parsing, preparsing

_RULES = {
    PhaseName.PREPARSING: (PhaseName.PREVALIDATION, preparsing.preparse),
    PhaseName.PARSING: (PhaseName.TRANSFORMING, parsing.parse),
}
"""By phase: whose namings it looks at, and how."""


def drop_duplicates(journey: Journey, phase: PhaseName, partition: int) -> TaskResult:
    """`left` counts the rows this partition drops; another partition may drop the same ones."""
    origin, decide = _RULES[phase]
    work = journey.work
    namings = (one for batch in work.get_batches() for one in work.each_naming(origin, batch, partition))
    drops = decide(namings, journey.import_.duplicate_handling)
    for batch, dropped in drops.items():
        work.write_drops(phase, batch, partition, dropped)
    left = sum(len({drop.row_number for drop in dropped}) for dropped in drops.values())
    return TaskResult(phase=phase, task=partition, token=work.token, left=left)
