"""Exceptions, grouped by what the code that catches them should do.

A finding about a row is no exception: see `model/problems.py`.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import cast

from chalicelib.model.refusals import KINDS, RefusalCode

_REFUSAL = re.compile(r"(?P<code>\w+)(?: \((?P<param>[^)]*)\))?: (?P<message>.*)", re.DOTALL)
"""A refusal as text."""


class SluiceError(Exception):
    """Any exception that this service raises on purpose."""


class Refused(SluiceError):
    """The caller can mend it: a request or a source is declined before anything is written.

    `code` is one of the codes in `model/refusals.py`, which every dialect translates; `param` names the offending
    parameter, `details` carries the numbers and names its message speaks of.
    """

    def __init__(self, code: RefusalCode, message: str, *, param: str | None = None, **details: object) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.param = param
        self.details: Mapping[str, object] = MappingProxyType(details)

    def __str__(self) -> str:
        where = f" ({self.param})" if self.param else ""
        return f"{self.code}{where}: {self.message}"

    @classmethod
    def from_text(cls, text: str) -> "Refused | None":
        """Returns the refusal that a text tells, without its details; None for any other text."""
        found = _REFUSAL.fullmatch(text)
        if found is None or found["code"] not in KINDS:
            return None
        return cls(cast(RefusalCode, found["code"]), found["message"], param=found["param"])


class NotFound(Refused):
    """What was asked for does not exist, or not for this tenant: from outside the two look the same."""


class Conflict(Refused):
    """The thing exists but is in a state that does not allow what was asked."""


class Retryable(SluiceError):
    """Trying again may help: throttling, a lost race, a response lost in the network."""


class Throttled(Retryable):
    """AWS has throttled, or has been slow, for as long as there was time to wait. It says nothing against what was
    tried: such an attempt is never counted as one.
    """


class NewerSchema(Retryable):
    """What is stored was written by newer code than this, which reads no part of it: in the middle of a deployment, or
    after a rollback. The newer code can read it.
    """


class Fatal(SluiceError):
    """This import or export cannot go on; its message becomes the reason of the final status."""
