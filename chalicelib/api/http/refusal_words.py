"""How a dialect calls the core's refusals: a word for each kind, and for the few codes that it tells apart.

In comes a code of the catalogue (`model/refusals.py`), out go its HTTP status and the dialect's word. The table is
complete by itself: a code without a word of its own has that of its kind, and a kind without one keeps the core's code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from chalicelib.model.refusals import KINDS, RefusalCode, RefusalKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalWords:
    """A dialect's words for refusals."""

    by_kind: Mapping[RefusalKind, str]
    by_code: Mapping[RefusalCode, str] = field(default_factory=dict)
    """Only where the word of the kind would not do."""
    status_by_code: Mapping[RefusalCode, HTTPStatus] = field(default_factory=dict)
    """Only where the dialect's documents have another status than the kind."""

    def get(self, code: RefusalCode) -> tuple[HTTPStatus, str]:
        """Returns status and word of a code. Raises KeyError for what is no code of the catalogue: that is our own
        mistake.
        """
        kind = KINDS[code]
        status = self.status_by_code.get(code, kind.status)
        return status, self.by_code.get(code) or self.by_kind.get(kind, code)
