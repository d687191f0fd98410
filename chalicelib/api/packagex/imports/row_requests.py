"""The query of the rows of an import, turned into the core's filter. It is ours: PackageX has no such route."""

from typing import Annotated

from pydantic import Field

from chalicelib.api.http.request_model import RequestModel
from chalicelib.imports.row_selection import RowFilter
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.rows import Outcome

DEFAULT_ROWS = 100


class PackageXRowsQuery(RequestModel):
    """Query of `GET /v1/imports/{id}/rows`."""

    limit: Annotated[int, Field(ge=1, le=500)] = DEFAULT_ROWS
    cursor: str | None = None
    """`pagination.cursor` of the answer before."""
    outcome: Outcome | None = None
    code: ProblemCode | None = None
    """Rows with such a problem; with `field` too, with one problem of both."""
    field: Annotated[str, Field(max_length=200)] | None = None
    """A field, or the header where no field is known."""

    def to_filter(self) -> RowFilter:
        """Returns the rows that are asked for, in the core's words."""
        return RowFilter(outcome=self.outcome, code=self.code, field=self.field)
