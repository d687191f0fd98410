"""Records as they were before an import changed them: what an undo restores. `imports/before_images.py` keeps them."""

from dataclasses import dataclass

from chalicelib.model.ids import RecordId
from chalicelib.model.records import Record


@dataclass(frozen=True, slots=True)
class BeforeImage:
    """A record as it was before a row, or the cleanup of an import, wrote its next version."""

    record_id: RecordId
    version: int
    """The version that was about to be written."""
    row_number: int
    """The row that was about to write it; 0 for cleanup."""
    before: Record


BeforeImages = dict[tuple[RecordId, int], BeforeImage]
"""By record, and by the version that was about to be written."""
