"""What a tenant has used by month (UTC), for its bill: imports and exports that have ended, with rows and bytes.

Comes in: a job before and after a change. Goes out: what the change adds to a month. It is written in the transaction
that ends the job, so that each job counts once, and stays when the job is deleted or expires.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from chalicelib.model.exports import Export
from chalicelib.model.imports import Import


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthUsage:
    """What a tenant has used in a month."""

    month: str
    """Such as 2026-12."""
    imports: int = 0
    """Imports that have ended, whatever their status; previews are counted apart."""
    import_rows: int = 0
    """The rows of their sources, whatever became of them."""
    import_bytes: int = 0
    """The sizes of the sources that they read; records of Kasar and cStar have none."""
    previews: int = 0
    preview_rows: int = 0
    exports: int = 0
    export_rows: int = 0
    export_bytes: int = 0
    """The sizes of the files that they made."""


class UsageChange(NamedTuple):
    """What is added to the numbers of a month; below zero for an import that goes on."""

    month: str
    by: Mapping[str, int]


def usage_change(before: Import | Export | None, after: Import | Export) -> UsageChange | None:
    """Returns what a change of a job adds; None where it neither ends the job nor lets one go on that has ended. One
    that goes on is counted again when it ends anew.
    """
    was_final = before is not None and before.is_final
    if after.is_final and not was_final:
        return UsageChange(month_of(after.ended_at or after.updated_at), _used_by(after))
    if before is not None and was_final and not after.is_final:
        used = {name: -number for name, number in _used_by(before).items()}
        return UsageChange(month_of(before.ended_at or before.updated_at), used)
    return None


def month_of(epoch_s: int) -> str:
    """Returns the month in which a moment lies, in UTC, such as 2026-12."""
    return time.strftime("%Y-%m", time.gmtime(epoch_s))


def _used_by(job: Import | Export) -> dict[str, int]:
    if isinstance(job, Export):
        sizes = sum(file.size_bytes for file in job.files)
        return {"exports": 1, "export_rows": job.progress.rows or 0, "export_bytes": sizes}
    if job.is_preview:
        return {"previews": 1, "preview_rows": job.stats.total}
    size = (job.source.size_bytes or 0) if job.source else 0
    return {"imports": 1, "import_rows": job.stats.total, "import_bytes": size}
