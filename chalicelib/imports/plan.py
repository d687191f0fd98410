"""How an import is divided into tasks, and which way it takes through the state machine.

In comes an import whose source has arrived; out go the work objects that every task reads, above all the manifest, and
an `ImportRoute`. Everything is decided from the source's size and a few looks at it: the same at every attempt. Rows
that do not come from a file are divided by the function of their kind.
"""

import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from math import ceil
from typing import BinaryIO

from chalicelib.formats import Splits, find_layout, split_source
from chalicelib.formats.registry import GZIP_MAGIC, OLE_MAGIC, ZIP_MAGIC
from chalicelib.imports.events import ImportRoute
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.tasks.lookups import may_lag
from chalicelib.imports.tasks.notations import decide_ahead
from chalicelib.imports.tasks.retried_rows import divide_retry
from chalicelib.imports.tasks.row_source import RowDivision
from chalicelib.imports.tasks.undone_rows import divide_undo
from chalicelib.imports.workspace import ImportManifest
from chalicelib.model.children import SourceKind, source_kind_of
from chalicelib.model.imports import Source
from chalicelib.model.passes import passes_of
from chalicelib.model.phases import FIRST_PHASE, WorkUnit, spec_of

PARTITION_BYTES = 50_000_000
"""Bytes of source for each partition of keys. Every batch is read by every partition: 10 million rows of 200 bytes make
500 × 40 reads, which cost one cent. Where a partition has more keys than a task should hold, several tasks divide it,
so that memory is bounded whatever the rows look like."""
PARTITIONS = 512
"""At most: what the gates hold of where keys lie grows with batches times partitions."""
ROW_BYTES = 100
"""A guess at a row's length, to prepare the record store for what is coming."""
ROWS_WORTH_A_LOOK = 2_000
"""A small source with fewer rows has its keys looked for in less time than all shards."""

_WORKBOOKS = (ZIP_MAGIC, OLE_MAGIC)
"""How workbooks begin: as zip archives, which hold one or are one, or as compound files (XLS)."""
PACKED_GROWTH = 20
"""What a gzipped or zipped text is taken to grow to; one that grows more still gets through, only slower."""
_FIRST_NAMES = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/", b"mimetype")
"""The names with which a workbook's zip archive begins; other archives hold files of people."""
_NAME_AT = 30
"""Where the name of the first entry stands in a zip archive."""
HEAD_BYTES = 1024

IN_ONE_FUNCTION = frozenset({ImportRoute.RUN_PHASES, ImportRoute.RUN_PHASES_ON_WORKBOOK})
"""The routes on which one function runs all phases, which divides the import itself where it holds the work."""


def plan(context: TaskContext) -> ImportManifest:
    """Decides how the import is divided, and prepares the record store; once, as results of tasks hold for that
    division only: an import that goes on keeps it, whatever the limits are by now.

    Raises NotFound where the source's object version is gone.
    """
    manifest = context.workspace.find_manifest() or _divide(context)
    _report_splits(context, manifest.splits)
    return manifest


def _divide(context: TaskContext) -> ImportManifest:
    division = DIVISIONS[source_kind_of(context.import_)](context)
    shards = _prepare_records(context, division)
    manifest = ImportManifest(
        splits=division.splits,
        partitions=division.partitions,
        shards=shards if _reads_shards(context) else 0,
        is_small=division.is_small,
        starts_empty=_starts_empty(context, division),
    )
    context.workspace.write_manifest(manifest)
    return manifest


def _report_splits(context: TaskContext, splits: int) -> None:
    """Says of how many tasks the first phase consists, so that callers see how far it has come."""
    stored = context.state.find() if splits > 1 else None
    if stored is None:
        return
    phases = tuple(replace(one, tasks=splits) if one.name is FIRST_PHASE else one for one in stored.phases)
    context.state.report(replace(stored, phases=phases))


def _divide_upload(context: TaskContext) -> RowDivision:
    """Writes, too, where a large source is split, and how its columns are written."""
    size_bytes = context.import_.source.size_bytes if context.import_.source else 0
    splits = find_splits(context)
    if splits:
        context.workspace.write_splits(splits)
        decide_ahead(context, splits)
    return RowDivision(
        splits=len(splits.starts) if splits else 1,
        partitions=min(PARTITIONS, max(1, ceil(size_bytes / PARTITION_BYTES))),
        expected_rows=size_bytes // ROW_BYTES,
        is_small=size_bytes <= context.limits.small_source_bytes,
    )


DIVISIONS: dict[SourceKind, Callable[[TaskContext], RowDivision]] = {
    SourceKind.UPLOAD: _divide_upload,
    SourceKind.UNDO: divide_undo,
    SourceKind.RETRY: divide_retry,
}
"""What divides the rows of an import, by where they come from."""


def _prepare_records(context: TaskContext, division: RowDivision) -> int:
    """Fixes over how many shards the records are spread, and returns it. A small source leaves that to the first write
    of a record, unless the import has to know it now."""
    import_ = context.import_
    if division.is_small and not _reads_shards(context):
        return 0
    return context.stores.records.prepare(import_.tenant_id, import_.resource, expected_rows=division.expected_rows)


def _starts_empty(context: TaskContext, division: RowDivision) -> bool:
    """Whether no record is stored, where that spares more than it costs (ADR 45)."""
    import_, is_short = context.import_, division.is_small and division.expected_rows < ROWS_WORTH_A_LOOK
    if is_short or not may_lag(context):
        return False
    page = context.stores.records.list_records(import_.tenant_id, import_.resource, limit=1, cursor=None)
    return not page.records and page.cursor is None


def _reads_shards(context: TaskContext) -> bool:
    return any(spec_of(one).unit is WorkUnit.SHARD for one in passes_of(context.import_))


def find_splits(context: TaskContext) -> Splits | None:
    """Returns where a large source is split, so that its splits are read side by side.

    None means that one task reads it all: it is small, its rows are limited, which only one reader can count, or
    where its rows end shows only on reading it. Raises NotFound where the object is gone.
    """
    source, limits = context.import_.source, context.limits
    if source is None or source.size_bytes <= limits.small_source_bytes or context.import_.rules.max_rows:
        return None
    with _open(context, source, 0) as stream:
        layout = find_layout(stream, context.import_.reading, limits, filename=source.filename)
    if layout is None:
        return None
    return split_source(lambda start: _open(context, source, start), source.size_bytes, layout, limits)


def route_of(context: TaskContext, manifest: ImportManifest) -> ImportRoute:
    """Returns the way an import takes, from the size of its source and its first bytes, or how few its rows are.

    Raises NotFound where the source's object version is gone.
    """
    if source_kind_of(context.import_) is not SourceKind.UPLOAD:
        return ImportRoute.RUN_PHASES if manifest.is_small else ImportRoute.PREVALIDATE
    return route_of_upload(context)


def route_of_upload(context: TaskContext) -> ImportRoute:
    """Does what `route_of` does for an import whose rows come from a file, before it is divided."""
    source = context.import_.source
    if source is None:
        return ImportRoute.FINISH
    with _open(context, source, 0) as stream:
        head = stream.read(HEAD_BYTES)
    inflated = _inflated(head)
    is_packed = head.startswith(GZIP_MAGIC) or _is_archive(inflated)
    is_small = source.size_bytes * (PACKED_GROWTH if is_packed else 1) <= context.limits.small_source_bytes
    if inflated.startswith(_WORKBOOKS):
        return ImportRoute.RUN_PHASES_ON_WORKBOOK if is_small else ImportRoute.PREVALIDATE_WORKBOOK
    return ImportRoute.RUN_PHASES if is_small else ImportRoute.PREVALIDATE


def _open(context: TaskContext, source: Source, start: int) -> AbstractContextManager[BinaryIO]:
    return context.open_source(source, start=start)


def _is_archive(head: bytes) -> bool:
    return head.startswith(ZIP_MAGIC) and not head[_NAME_AT:].startswith(_FIRST_NAMES)


def _inflated(head: bytes) -> bytes:
    if not head.startswith(GZIP_MAGIC):
        return head
    try:
        return zlib.decompressobj(wbits=31).decompress(head, HEAD_BYTES)
    except zlib.error:
        return b""
