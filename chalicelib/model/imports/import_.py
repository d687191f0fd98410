"""An import: what was asked for, where it stands, what has been counted.

Sources: the imports model of PackageX for the words, `docs/semantics.md` for the rules.
"""

from dataclasses import dataclass, field

from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports.phases import Phase
from chalicelib.model.imports.stats import Stats
from chalicelib.model.imports.statuses import FINAL, Status
from chalicelib.model.imports.wanted import Action, DuplicateHandling, ReadingOptions, RowRules, Source, UploadMode
from chalicelib.model.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One request to bring data in."""

    import_id: ImportId
    tenant_id: TenantId
    resource: str
    action: Action
    upload_mode: UploadMode
    status: Status = Status.REQUESTED
    duplicate_handling: DuplicateHandling = DuplicateHandling.IGNORE_ALL
    dialect: str = ""
    """Through which dialect it came; all of them show it."""
    reason: str | None = None
    """Why it has its final status; while canceling, why it fails, None where somebody canceled it."""
    name: str | None = None
    location_id: str | None = None
    column_mapping: dict[str, str] = field(default_factory=dict)
    """Header by field name."""
    reading: ReadingOptions = field(default_factory=ReadingOptions)
    rules: RowRules = field(default_factory=RowRules)
    save_upload: bool = True
    source: Source | None = None
    has_upload_file: bool = False
    has_errors_file: bool = False
    phases: tuple[Phase, ...] = ()
    stats: Stats = field(default_factory=Stats)
    findings: tuple[Problem, ...] = ()
    """What is to be said of the source as a whole: headers that mean nothing, an encoding that was guessed."""
    problem_counts: dict[str, int] = field(default_factory=dict)
    """Problems of rows by code, warnings included; known when the import has ended."""
    attempt: int = 1
    """Rises with every redrive; writes of an older attempt are refused."""
    created_by: str = ""
    updated_by: str = ""
    created_at: int = 0
    """Epoch seconds, as all times of an import."""
    updated_at: int = 0
    started_at: int | None = None
    began_ms: int | None = None
    """When it began, in epoch milliseconds: what an overwrite cleans up was there before."""
    ended_at: int | None = None
    upload_expires_at: int | None = None
    """Until when the signed upload URL is good."""
    deadline_at: int | None = None
    """When the import is timed_out; set when it is queued."""

    @property
    def is_final(self) -> bool:
        return self.status in FINAL

    @property
    def due_at(self) -> int | None:
        """When waiting for it ends: with the upload window while its source has not arrived, then with the deadline."""
        if self.status is Status.REQUESTED or self.deadline_at is None:
            return self.upload_expires_at or self.deadline_at
        return self.deadline_at
