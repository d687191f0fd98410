"""The body of a mapping suggestion, turned into the core's words. It is ours: PackageX has no such route."""

from typing import Annotated

from pydantic import Field, StrictBool, StrictFloat, StrictInt, StrictStr

from chalicelib.api.http.request_model import RequestModel
from chalicelib.api.packagex.parameters import ResourceName
from chalicelib.model.limits import DEFAULT_LIMITS

Header = Annotated[StrictStr, Field(max_length=DEFAULT_LIMITS.text_characters)]
Cell = StrictStr | StrictInt | StrictFloat | StrictBool | None


class PackageXSuggestionRequest(RequestModel):
    """`POST /v1/mapping-suggestions`."""

    resource: ResourceName
    headers: Annotated[list[Header], Field(min_length=1, max_length=DEFAULT_LIMITS.columns)]
    """The header line, column by column; a column without one is an empty text."""
    samples: Annotated[
        list[Annotated[list[Cell], Field(max_length=DEFAULT_LIMITS.columns)]],
        Field(max_length=DEFAULT_LIMITS.sample_rows, default_factory=list),
    ]
    """The first rows below it, each with its cells in the order of the headers; they make suggestions surer."""

    def to_rows(self) -> list[list[str]]:
        """Returns the sample rows as texts; null is an empty one."""
        return [[_as_text(cell) for cell in row] for row in self.samples]


def _as_text(cell: str | int | float | bool | None) -> str:
    return str(cell).lower() if isinstance(cell, bool) else "" if cell is None else str(cell)
