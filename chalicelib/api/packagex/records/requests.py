"""The query of a listing of records, turned into the core's query. It is ours: PackageX has no such route."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.records.service import RecordQuery

DEFAULT_RECORDS = 25


class PackageXRecordsQuery(BaseModel):
    """Query of `GET /v1/records/{resource}`; everything unknown is a filter on a field of that name."""

    model_config = ConfigDict(extra="allow", frozen=True, defer_build=True)

    limit: Annotated[int, Field(ge=1, le=100)] = DEFAULT_RECORDS
    cursor: str | None = None
    """`pagination.cursor` of the page before."""

    def to_query(self) -> RecordQuery:
        """Returns the listing that is asked for, in the core's words."""
        return RecordQuery(limit=self.limit, cursor=self.cursor or None, filters=self.model_extra or {})
