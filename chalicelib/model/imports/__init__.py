"""An import and what belongs to it: what was asked for, its statuses and phases, what was counted."""

from chalicelib.model.imports.changes import StatusChange
from chalicelib.model.imports.import_ import Import
from chalicelib.model.imports.phases import Phase, PhaseName, PhaseStatus, phases_ahead
from chalicelib.model.imports.stats import Stats
from chalicelib.model.imports.statuses import FINAL, PREDECESSORS, Status
from chalicelib.model.imports.wanted import Action, DuplicateHandling, ReadingOptions, RowRules, Source, UploadMode

__all__ = [
    "FINAL",
    "PREDECESSORS",
    "Action",
    "DuplicateHandling",
    "Import",
    "Phase",
    "PhaseName",
    "PhaseStatus",
    "ReadingOptions",
    "RowRules",
    "Source",
    "Stats",
    "Status",
    "StatusChange",
    "UploadMode",
    "phases_ahead",
]
