"""Drives exports through the real steps, with stores in memory, as the state machine would.

`ExportWorld` is a world with records in it: it asks for exports, runs their machine, and reads the files.
"""

import csv
import io
import json
from dataclasses import replace
from itertools import count
from typing import Any

from python_calamine import CalamineWorkbook

from chalicelib.exports.events import ExportEvent, ExportRoute, ExportStep, FinishExportEvent, ShardEvent
from chalicelib.exports.handlers import ExportMachine
from chalicelib.exports.request import ExportRequest
from chalicelib.exports.service import request_export
from chalicelib.formats.registry import FORMATS, Format
from chalicelib.lifecycle.task_route import TaskRoute
from chalicelib.model.exports import Export
from chalicelib.model.ids import ImportId, RecordId
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.records import Stamp, Write
from chalicelib.model.rows import Fields, Outcome
from chalicelib.model.write_options import Rendering
from tests.world import OURS, World

RESOURCE = "contacts"


def run_export(steps: ExportMachine, export: Export) -> None:
    """What `statemachine/export_machine.py` does, in one thread."""
    event = ExportEvent(tenant_id=export.tenant_id, export_id=export.export_id)
    step = steps.start(event)
    if step.route is ExportRoute.READ:
        step = run_shards(steps, step)
    while step.route is ExportRoute.JOIN:
        step = steps.join(event)
    steps.finish(FinishExportEvent(**event.model_dump(), stopped_by=step.stopped_by))


def run_shards(steps: ExportMachine, step: ExportStep) -> ExportStep:
    """Runs the Map and its gate."""
    event = ExportEvent(tenant_id=step.tenant_id, export_id=step.export_id)
    for task in step.tasks:
        read = steps.read(ShardEvent(**event.model_dump(), task=task))
        while read.route is TaskRoute.CONTINUE:
            read = steps.read(ShardEvent(**read.model_dump()))
    return steps.gate(event)


class ExportWorld(World):
    """A world in which exports run through their real steps."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        super().__init__(limits)
        self.limits = limits
        self.numbers = count(1)
        self.steps = ExportMachine(
            stores=self.stores,
            limits=limits,
            now=lambda: float(self.now),
            new_attempt_id=lambda: f"try{next(self.numbers)}",
        )

    def write(self, record_id: str, fields: Fields | None, *, at: int | None = None) -> None:
        """Creates or changes a record, or deletes it if no fields are given."""
        found = self.stores.records.get_many(OURS, RESOURCE, [RecordId(record_id)]).get(RecordId(record_id))
        outcome = Outcome.DELETED if fields is None else Outcome.UPDATED if found else Outcome.CREATED
        stamp = Stamp(ImportId("imp_before"), next(self.numbers), outcome)
        write = Write(record_id=RecordId(record_id), before=found, fields=fields or {}, stamp=stamp)
        now_ms = (self.now - 3600 if at is None else at) * 1000
        self.stores.records.write_many(OURS, RESOURCE, [write], now_ms=now_ms)

    def ask(self, **options: Any) -> Export:
        """Asks for an export, of CSV and JSON unless `formats` says otherwise, and returns it as it was queued."""
        formats = options.pop("formats", (Format.CSV, Format.JSON))
        renderings = tuple(Rendering(format=one) for one in formats)
        fields = {"dialect": "packagex", "resource": RESOURCE, "renderings": renderings} | options
        return request_export(self.context, self.caller(), ExportRequest(**fields))

    def run(self, **options: Any) -> Export:
        """Asks for an export, runs it, and returns it as it ended."""
        export = self.ask(**options)
        run_export(self.steps, export)
        return self.stored_export(export)

    def stored_export(self, export: Export) -> Export:
        """Returns the export as it is stored now."""
        found = self.stores.exports.find(export.tenant_id, export.export_id)
        assert found is not None
        return found

    def content(self, export: Export, format_: str) -> bytes:
        """Returns the whole of the export's file of this format."""
        file = next(one for one in export.files if one.format == format_)
        return self.stores.files.read_file(file.key)

    def rows(self, export: Export, format_: str = "json") -> list[dict[str, Any]]:
        """Returns the rows of the export's file of this format, as a reader of that format sees them."""
        content = self.content(export, format_)
        if delimiter := FORMATS[format_.removesuffix("_sanitized")].delimiter:
            return list(csv.DictReader(io.StringIO(content.decode(), newline=""), delimiter=delimiter))
        if format_ == "xlsx":
            header, *rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
            return [dict(zip(map(str, header), row, strict=True)) for row in rows]
        if format_ == "json":
            return list(json.loads(content))
        return [json.loads(line) for line in content.splitlines()]

    def ids(self, export: Export, format_: str = "json") -> list[str]:
        """Returns the record ids in the export's file, in its order."""
        return [row["id"] for row in self.rows(export, format_)]


def with_limits(**limits: Any) -> Limits:
    """Returns the default limits with some of them changed."""
    return replace(DEFAULT_LIMITS, **limits)
