"""The body by which rows of an import are tried again, turned into the core's request. It is ours: PackageX has no such
route.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool, StrictInt

from chalicelib.api.http.request_model import RequestModel
from chalicelib.errors import Refused
from chalicelib.imports.retry import Correction, RetryRequest
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.rows import Outcome

RetriableWord = Literal["failed", "skipped", "unprocessed"]


class PackageXCorrection(RequestModel):
    """Values for one row, which stand in for what it gives."""

    row_number: Annotated[StrictInt, Field(ge=1, le=1_000_000_000)]
    """As `GET /v1/imports/{id}/rows` and the errors files have it."""
    values: Annotated[dict[str, Any], Field(default_factory=dict)]
    """By field; null clears one. Of a row that could not be read as a row they are the whole row. Without any, the row
    is tried as it is."""


class PackageXRetryRequest(RequestModel):
    """`POST /v1/imports/{id}/retry`: try again what failed, as it is or corrected."""

    include: Annotated[tuple[RetriableWord, ...], Field(max_length=3)] = ("failed",)
    """What has become of the rows so far that are tried again."""
    rows: Annotated[tuple[PackageXCorrection, ...], Field(max_length=DEFAULT_LIMITS.retry_corrections)] = ()
    """Corrections; other rows are tried as they are."""
    only_given: StrictBool = False
    """Try no other rows than those in `rows`."""
    preview: StrictBool = False
    """Decide everything and write nothing."""

    def to_request(self) -> RetryRequest:
        """Returns what is to be tried again, in the core's words. Raises Refused where no outcome is named."""
        if not self.include:
            raise Refused("invalid_parameter", "Name at least one outcome.", param="include")
        return RetryRequest(
            include=frozenset(map(Outcome, self.include)),
            corrections=[Correction(row_number=one.row_number, values=one.values) for one in self.rows],
            only_given=self.only_given,
            is_preview=self.preview,
        )
