"""Ends what is due, one at a time, so that one import or export in trouble does not keep the others waiting."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from chalicelib.errors import SluiceError
from chalicelib.model.ids import TenantId

Id = TypeVar("Id", bound=str)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reaped:
    """What one round of a reaper did."""

    ended: int = 0
    failed: int = 0
    """How many could not be ended this time; the next round meets them again."""

    def __add__(self, other: "Reaped") -> "Reaped":
        return Reaped(self.ended + other.ended, self.failed + other.failed)


def reap_each(due: Iterable[tuple[TenantId, Id]], end: Callable[[TenantId, Id], bool]) -> Reaped:
    """Calls `end` for each of what is due, and counts for how many it returned True. Errors are logged and counted."""
    ended = failed = 0
    for tenant_id, id_ in due:
        try:
            ended += end(tenant_id, id_)
        except SluiceError:
            failed += 1
            logger.warning("%s could not be ended", id_, exc_info=True)
    return Reaped(ended, failed)
