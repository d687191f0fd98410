"""A synchronous export: records of a resource, by filter, in any order, up to a limit, with the fields that are wanted.

Reads the whole resource, several shards at a time, in bounded memory and bounded time. An asynchronous export has
neither bound.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from threading import Event, Lock

import orjson

from chalicelib.access.context import Caller, Context
from chalicelib.errors import Refused
from chalicelib.exports.record_filter import record_test
from chalicelib.formats.json.writer import compact_copy
from chalicelib.model.filters import EVERYTHING, Filter
from chalicelib.model.records import Record
from chalicelib.model.resources import Resource
from chalicelib.model.rows import Fields
from chalicelib.schema.query.record_values import get_output_field, output_fields, row_getter_of
from chalicelib.schema.query.sorting import TopRecords, ranker_of

READERS = 4
"""How many shards are read at the same time: the store answers for one while another is looked at."""

ADVICE = "An asynchronous export, POST /v1/exports, has no such bound."

CHUNK_RECORDS = 200
"""How many records are looked at between two checks of the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSelection:
    """Which records, in which order, and what of them."""

    filter: Filter = EVERYTHING
    fields: tuple[str, ...] = ()
    """Empty for all of them, in declared order."""
    sort_by: str = "created_at"
    is_descending: bool = True
    limit: int


@dataclass(frozen=True, slots=True)
class SelectedRecords:
    """What was selected, in order."""

    fields: tuple[str, ...]
    documents: tuple[bytes, ...]
    """Each a JSON object with exactly these fields, in their order; null where the record has no value."""
    matching: int
    """How many records the filter selects, whatever the limit."""

    def each_record(self) -> Iterator[Fields]:
        """Yields the documents as dicts; lazy."""
        return map(orjson.loads, self.documents)


def select_records(context: Context, caller: Caller, resource: Resource, wanted: RecordSelection) -> SelectedRecords:
    """Reads and returns what is wanted. Raises Refused: `unknown_field`, `invalid_filter` or `invalid_parameter` before
    anything is read; `selection_too_long` where reading takes longer than it may, `selection_too_large` where the
    records are too many bytes to be held.
    """
    if not 1 <= wanted.limit <= context.limits.sync_export_records:
        message = f"Must lie between 1 and {context.limits.sync_export_records}. {ADVICE}"
        raise Refused("invalid_parameter", message, param="limit")
    reader = _SelectionReader(context, caller, resource, wanted)
    reader.read_all()
    return SelectedRecords(reader.fields, tuple(reader.kept.in_order()), reader.matching)


class _SelectionReader:
    """Reads all shards once; what its threads share is guarded by a lock."""

    def __init__(self, context: Context, caller: Caller, resource: Resource, wanted: RecordSelection) -> None:
        names = wanted.fields or tuple(output_fields(resource))
        self.fields = tuple(dict.fromkeys(get_output_field(resource, name).name for name in names))
        self.kept = TopRecords(wanted.limit)
        self.matching = 0
        self._get_row = row_getter_of(self.fields, resource)
        self._selects = record_test(
            context.stores.records, caller.tenant_id, resource, wanted.filter, limits=context.limits
        )
        self._rank = ranker_of(resource, wanted.sort_by, is_descending=wanted.is_descending)
        self._context, self._tenant_id, self._resource = context, caller.tenant_id, resource.name
        self._deadline = context.clock() + context.limits.sync_export_time_s
        self._lock, self._is_over = Lock(), Event()

    def read_all(self) -> None:
        """Reads every shard. An error in one thread ends the others at their next chunk."""
        shards = self._context.stores.records.shard_count(self._tenant_id, self._resource)
        with ThreadPoolExecutor(READERS, thread_name_prefix="selection") as readers:
            for done in [readers.submit(self._read_shard, shard) for shard in range(shards)]:
                done.result()

    def _read_shard(self, shard: int) -> None:
        records = self._context.stores.records.each_record(self._tenant_id, self._resource, shard)
        try:
            while not self._is_over.is_set() and (chunk := list(islice(records, CHUNK_RECORDS))):
                self._check_time()
                self._take(chunk)
        except BaseException:
            self._is_over.set()
            raise

    def _take(self, chunk: Iterable[Record]) -> None:
        found = [record for record in chunk if not record.is_deleted and self._selects(record)]
        with self._lock:
            self.matching += len(found)
            for record in found:
                rank = self._rank(record)
                if self.kept.has_room_for(rank):
                    self.kept.keep(rank, self._document(record))
            self._check_size()

    def _document(self, record: Record) -> bytes:
        return compact_copy(orjson.dumps(dict(zip(self.fields, self._get_row(record), strict=True))))

    def _check_time(self) -> None:
        if self._context.clock() >= self._deadline:
            message = f"Reading takes longer than {self._context.limits.sync_export_time_s} seconds. {ADVICE}"
            raise Refused("selection_too_long", message, limit_s=self._context.limits.sync_export_time_s)

    def _check_size(self) -> None:
        limit = self._context.limits.sync_export_bytes
        if self.kept.size_bytes > limit:
            message = f"The records have more than {limit} bytes. Ask for fewer fields or records. {ADVICE}"
            raise Refused("selection_too_large", message, limit_bytes=limit)
