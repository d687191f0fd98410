"""Steps of an import from one status to the next: each is one conditional update."""

from dataclasses import dataclass, fields, replace
from typing import Any

from chalicelib.model.imports.import_ import Import
from chalicelib.model.imports.phases import Phase
from chalicelib.model.imports.stats import Stats
from chalicelib.model.imports.statuses import PREDECESSORS, Status
from chalicelib.model.imports.wanted import Source
from chalicelib.model.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """A step from one status to the next, with what is written beside it. None leaves a field as it is."""

    to: Status
    at: int
    by: str | None = None
    attempt: int | None = None
    """Refused unless the stored attempt is this one; None where any attempt may be meant, as in a cancel."""
    reason: str | None = None
    source: Source | None = None
    started_at: int | None = None
    began_ms: int | None = None
    ended_at: int | None = None
    deadline_at: int | None = None
    phases: tuple[Phase, ...] | None = None
    stats: Stats | None = None
    findings: tuple[Problem, ...] | None = None
    problem_counts: dict[str, int] | None = None
    has_upload_file: bool | None = None
    has_errors_file: bool | None = None

    def values(self) -> dict[str, Any]:
        """What is written, by field of `Import`."""
        beside = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in _NOT_WRITTEN_AS_NAMED}
        given = {name: value for name, value in beside.items() if value is not None}
        return {"status": self.to, "updated_at": self.at, **given, **({"updated_by": self.by} if self.by else {})}

    def applied_to(self, import_: Import) -> Import | None:
        """The import afterwards; None where the step is not allowed."""
        is_attempt_meant = self.attempt in (None, import_.attempt)
        is_allowed = is_attempt_meant and import_.status in PREDECESSORS[self.to]
        return replace(import_, **self.values()) if is_allowed else None


_NOT_WRITTEN_AS_NAMED = frozenset({"to", "at", "by", "attempt"})
