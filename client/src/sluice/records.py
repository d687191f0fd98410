"""Records and resources: what is stored, and what can be imported."""

from base64 import b64decode
from datetime import datetime

from sluice.errors import NotFound, Refusal
from sluice.models.records import Record, Resource
from sluice.operations import Async, Sync, listing, operation
from sluice.pages import Pages, cursor_pages
from sluice.session import Session, below
from sluice.transport import Flow


class _RecordOperations:
    """What can be done with records."""

    _session: Session

    @listing
    def each(self, resource: str, /, *, limit: int = 100, **filters: str | int | bool | datetime) -> Pages[Record]:
        """Yields the records of a resource, lazily; any field is a filter, `limit` is the size of a page."""
        return cursor_pages(self._session, below("/v1/records", resource), Record.from_json, limit=limit, **filters)

    @operation
    def get(self, resource: str, record_id: str) -> Flow[Record]:
        """Returns a record."""
        answer = yield from self._session.get(below("/v1/records", resource, record_id))
        return Record.from_json(answer.data)


class Records(_RecordOperations, Sync):
    """The records of a tenant."""

    def __init__(self, session: Session) -> None:
        self._session = session


class AsyncRecords(_RecordOperations, Async):
    """The same for programs that await."""

    def __init__(self, session: Session) -> None:
        self._session = session


class _ResourceOperations:
    """What can be asked about resources."""

    _session: Session

    @operation
    def list(self) -> Flow[tuple[Resource, ...]]:
        """Returns everything that can be imported."""
        answer = yield from self._session.get("/v1/resources")
        return tuple(Resource.from_json(one) for one in answer.data)

    @operation
    def get(self, resource: str) -> Flow[Resource]:
        """Returns one resource, singular or plural, with its templates."""
        answer = yield from self._session.get(below("/v1/resources", resource))
        return Resource.from_json(answer.data)

    @operation
    def template(self, resource: str, *, format: str = "csv") -> Flow[bytes]:
        """Returns a file with the right headers, `csv` or `xlsx`. Raises NotFound."""
        answer = yield from self._session.get(below("/v1/resources", resource))
        url = answer.data["templates"].get(format)
        if url is None:
            raise NotFound(Refusal(404, "template_not_found", f"There is no template as {format}."))
        return b64decode(url.partition(",")[2])


class Resources(_ResourceOperations, Sync):
    """The catalogue of resources."""

    def __init__(self, session: Session) -> None:
        self._session = session


class AsyncResources(_ResourceOperations, Async):
    """The same for programs that await."""

    def __init__(self, session: Session) -> None:
        self._session = session
