"""Where a large source is cut, so that its spans are read side by side: by the plan, once, for all tasks."""

from contextlib import AbstractContextManager
from typing import BinaryIO

from chalicelib.formats import Cut, find_cut, find_layout
from chalicelib.imports.task_context import TaskContext
from chalicelib.model.imports import Source


def find_spans(journey: TaskContext) -> Cut | None:
    """None where the source is read in one go: it is small, its rows are limited, which only one reader can count, or
    nobody can tell where its rows end without reading it.

    Raises NotFound where the object is gone.
    """
    source, limits = journey.import_.source, journey.limits
    if source is None or source.size_bytes <= limits.small_source_bytes or journey.import_.rules.max_rows:
        return None
    with _open(journey, source, 0) as stream:
        layout = find_layout(stream, journey.import_.reading, limits, filename=source.filename)
    if layout is None:
        return None
    return find_cut(lambda start: _open(journey, source, start), source.size_bytes, layout, limits)


def _open(journey: TaskContext, source: Source, start: int) -> AbstractContextManager[BinaryIO]:
    return journey.stores.files.open_file(source.key, source.version_id, start=start)
