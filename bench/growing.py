"""One import of tickets of any length, with its work objects on disk: `python -m bench.growing ROWS FORMAT PHASES`.

Prints the seconds of CPU in all and by phase, the most memory held, and what became of the rows. The written tickets
are discarded (`bench.discarding_records`); the customers they name are stored. PHASES is `all`, or `first` for
prevalidation alone.
"""

import json
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from bench.children import ask
from bench.discarding_records import DiscardingRecords
from bench.disk import DiskFiles
from bench.imports import ImportPipeline
from bench.memory import peak_bytes
from bench.tickets import CUSTOMERS, WRITERS, customers_named
from chalicelib.model.imports import Import
from chalicelib.stores import memory
from chalicelib.stores.interfaces import StoredFile


class PhaseTimer:
    """Measures seconds of CPU by phase; the machine's plan, gates and end have seconds of their own."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._since = time.process_time()

    def lap(self, name: str) -> None:
        """Adds the seconds since the last lap to this name."""
        now = time.process_time()
        self.seconds[name] += now - self._since
        self._since = now


def main() -> None:
    rows, format_, phases = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    with tempfile.TemporaryDirectory(prefix="sluice-bench-") as folder:
        print(json.dumps(grow(Path(folder), rows, format_, is_whole=phases == "all")))


def grow(folder: Path, rows: int, format_: str, *, is_whole: bool) -> dict[str, Any]:
    files = DiskFiles(folder)
    records = DiscardingRecords("tickets")
    pipeline = ImportPipeline(replace(memory.stores(), files=files, records=records))
    if is_whole:
        pipeline.run(pipeline.upload(customers_named()), "customers")
    source = _written(files, rows, format_)
    timer = PhaseTimer()
    pipeline.lap = timer.lap
    import_ = _run(pipeline, source, f"tickets.{format_}", is_whole=is_whole)
    return {
        "cpu_s": sum(timer.seconds.values()),
        "phases": timer.seconds,
        "peak_bytes": peak_bytes(),
        "stats": asdict(import_.stats),
        "written": records.written,
        "codes": import_.problem_counts,
        "expected": _expected(files, source) if is_whole and format_ == "csv" else None,
    }


def _run(pipeline: ImportPipeline, source: StoredFile, filename: str, *, is_whole: bool) -> Import:
    if is_whole:
        return pipeline.run(source, "tickets", filename=filename)
    import_ = pipeline.queue(source, "tickets", filename=filename)
    pipeline.prevalidate(import_)
    pipeline.lap("prevalidation")
    return import_


def _written(files: DiskFiles, rows: int, format_: str) -> StoredFile:
    key = f"uploads/tickets.{format_}"
    files.path_of(key).parent.mkdir(parents=True, exist_ok=True)
    WRITERS[format_](files.path_of(key), rows)
    found = files.find_file(key)
    assert found is not None
    return found


def _expected(files: DiskFiles, source: StoredFile) -> dict[str, int]:
    """Counts the outcomes to expect, in a process of its own: it holds every ticket id in memory."""
    counts: dict[str, int] = ask("bench.expected", files.path_of(source.key), CUSTOMERS)
    return counts


if __name__ == "__main__":
    main()
