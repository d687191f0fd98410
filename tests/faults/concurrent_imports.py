"""Several imports of one resource at once, each with its own executions, tasks, crashes, doubles and cancels.

In comes a seed; it draws the sources, the actions, what goes wrong and who goes on when. Out goes a log of all that was
written, in the order in which it was written, for `history.py` to judge.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from random import Random
from typing import Any

from chalicelib.access.context import Context
from chalicelib.errors import Conflict, Retryable
from chalicelib.imports import service as operations
from chalicelib.imports.create import InlineSource, import_now, request_import
from chalicelib.imports.events import Event, StoppedEvent
from chalicelib.imports.handlers import ImportMachine
from chalicelib.imports.request import ImportRequest
from chalicelib.imports.uploads import file_arrived
from chalicelib.imports.workspace import Workspace
from chalicelib.maintenance import reap_all
from chalicelib.model.ids import ImportId, RecordId, TenantId
from chalicelib.model.imports import Action, DuplicateHandling, Import
from chalicelib.model.limits import Limits
from chalicelib.model.object_keys import upload_key
from chalicelib.model.phases import PhaseName
from chalicelib.model.records import Record, Stamp, Write, Written
from chalicelib.model.rows import Fields, RowOutcome
from chalicelib.stores import memory
from chalicelib.stores.dynamodb.record_items import StoredRecord
from chalicelib.stores.interfaces import Stores
from chalicelib.stores.memory import MemoryImportExecutions, MemoryRecords
from tests.faults.crash import Crash
from tests.faults.fake_table import TableRecords
from tests.faults.interleaving import Actor, Stage
from tests.faults.recorder import Call, Taps
from tests.faults.scenarios import OURS, put
from tests.faults.simulated_import import (
    CALLER,
    LIFE_OF_A_FUNCTION_S,
    ROUNDS_OF_THE_REAPER,
    TRIES_OF_A_STATE,
    TRIES_OF_AN_EVENT,
    ExecutionFailed,
    Twins,
    simply,
    walk,
)
from tests.import_world import Clock

RESOURCE = "customers"
IN_ONE_TASK = Limits(tenant_imports=100)
IN_SMALL_BATCHES = Limits(tenant_imports=100, small_source_bytes=0, batch_rows=3)


@dataclass(frozen=True)
class Performed:
    """One write as it was performed: the fields before and afterwards, None where there is no live record."""

    record_id: RecordId
    stamp: Stamp
    before: Fields | None
    after: Fields | None


class LoggingRecords(MemoryRecords):
    """Keeps a log of what was really written; a write that only recognises itself is not written again."""

    log: list[Performed]

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        return [self._write_one(tenant_id, resource, write, now_ms) for write in writes]

    def _write_one(self, tenant_id: TenantId, resource: str, write: Write, now_ms: int) -> Written:
        before = self.get_many(tenant_id, resource, [write.record_id]).get(write.record_id)
        (written,) = super().write_many(tenant_id, resource, [write], now_ms=now_ms)
        after = self.get_many(tenant_id, resource, [write.record_id]).get(write.record_id)
        if after is not None and after.version != (before.version if before else 0):
            self.log.append(Performed(write.record_id, write.stamp, _fields_of(before), _fields_of(after)))
        return written


class LoggingTables(TableRecords):
    """The same over tables: a log of every change of a record's item."""

    def __init__(self) -> None:
        super().__init__(wait=lambda _: self.line.before_each())
        self.log: list[Performed] = []
        self.table.watch = self._watch

    def _watch(self, before: StoredRecord | None, after: StoredRecord) -> None:
        record = after.record
        fields = _fields_of(before.record if before else None)
        self.log.append(Performed(record.record_id, record.stamps[-1], fields, _fields_of(record)))


def _fields_of(record: Record | None) -> Fields | None:
    return record.fields if record and not record.is_deleted else None


@dataclass(frozen=True, kw_only=True)
class Chances:
    """How likely it is that something goes wrong, at each call or at each start of a function."""

    crash: float = 0.004
    throttling: float = 0.004
    double: float = 0.05
    """That a function is started twice, the first being taken for lost."""
    cancel: float = 0.15
    """Of an import."""


CALM = Chances(crash=0, throttling=0, double=0, cancel=0)


@dataclass(frozen=True, kw_only=True)
class Order:
    """One import that is asked for."""

    rows: list[Fields]
    action: Action = Action.MERGE
    limits: Limits = IN_ONE_TASK
    is_sync: bool = False

    @property
    def source(self) -> str:
        names = list(dict.fromkeys(name for row in self.rows for name in row))
        lines = [",".join(str(row.get(name, "")) for name in names) for row in self.rows]
        return "\n".join([",".join(names), *lines, ""])


@dataclass
class Crowd:
    orders: list[Order]
    before: dict[str, Fields]
    random: Random
    chances: Chances = CALM
    clock: Clock = field(default_factory=Clock)
    twins: Twins = field(default_factory=Twins)
    is_on_tables: bool = False
    """The real record store, whose calls interleave request by request."""
    ids: list[ImportId] = field(default_factory=list)
    stage: Stage = field(init=False)
    stores: Stores = field(init=False)

    def __post_init__(self) -> None:
        made = memory.stores(clock=self.clock)
        self._is_calm = True
        self.stage = Stage(self.random)
        self.imports, self.executions = self.twins.imports(), MemoryImportExecutions()
        self.records = self._logging()
        self.stores = replace(
            made,
            imports=self.imports,
            results=self.twins.results(),
            records=self.records,
            import_executions=self.executions,
        )
        self.records.log = []
        put(self.records, OURS, RESOURCE, self.before)
        self.records.log.clear()
        self.fates: dict[ImportId, list[RowOutcome]] = {}
        self.overlapping: set[ImportId] = set()
        """Imports some of whose writing tasks ran in two tries at once."""
        self.imports.tell_end = self._keep_fates
        self._numbers, self._new_token = count(1), self.twins.new_token()
        self._tapped = Taps(self.stores, self._tap).stores
        self._played: set[str] = set()

    def _logging(self) -> "LoggingRecords | LoggingTables":
        if self.is_on_tables:
            tables = LoggingTables()
            tables.line.before_each = self._pause
            return tables
        made: LoggingRecords = type("Logging", (LoggingRecords, type(self.twins.records())), {})()
        return made

    def _keep_fates(self, import_: Import) -> None:
        """What became of the rows, as it stood when the import ended: what a late try adds to its work objects
        afterwards nobody reads."""
        workspace = Workspace(self.stores.files, import_, token="nobody's")
        batches = workspace.get_batches() if import_.stats.total else []
        departures = [one for phase in PhaseName for batch in batches for one in workspace.each_departure(phase, batch)]
        self.fates[import_.import_id] = departures

    def _note_double(self, import_id: ImportId, name: str) -> None:
        if name.startswith(("run_phases", "processing")):
            self.overlapping.add(import_id)

    def _pause(self) -> None:
        if not self._is_calm:
            self.stage.pause()

    def run(self) -> "Crowd":
        """All imports to their ends."""
        callers = [self.stage.add("caller", partial(self._ask, order)) for order in self.orders]
        self._is_calm = False
        self.stage.run()
        self._is_calm = True
        self._raise_first(callers)
        for _ in range(ROUNDS_OF_THE_REAPER):
            if all(self.get(one).is_final for one in self.ids):
                break
            self._reap()
        return self

    def get(self, import_id: ImportId) -> Import:
        found = self.stores.imports.find(OURS, import_id)
        assert found is not None
        return found

    def _ask(self, order: Order) -> None:
        """The caller's side: asks, uploads, and may cancel."""
        context = self._context(order)
        wanted = ImportRequest(
            resource=RESOURCE, action=order.action, duplicate_handling=DuplicateHandling.USE_FIRST, dialect="packagex"
        )
        if order.is_sync:
            self._ask_now(context, wanted, order)
        else:
            import_ = request_import(context, CALLER, wanted)
            self.ids.append(import_.import_id)
            self._upload(context, import_, order)
        self._play_what_was_started(order)

    def _ask_now(self, context: Context, wanted: ImportRequest, order: Order) -> None:
        import_id = ImportId(f"imp_{next(self._numbers)}")
        self.ids.append(import_id)
        inline = InlineSource(content=order.source.encode(), content_type="text/csv")
        import_now(replace(context, new_id=lambda _: import_id), CALLER, wanted, inline)

    def _upload(self, context: Context, import_: Import, order: Order) -> None:
        key = upload_key(OURS, import_.import_id)
        file = self.stores.files.write_file(key, order.source.encode(), content_type="text/csv")
        self._on_event("on_file", lambda: file_arrived(context, key, file.version_id))
        if self.random.random() < self.chances.cancel:
            self.stage.add("cancel", lambda: self._cancel(context, import_.import_id), weight=0.02)

    def _cancel(self, context: Context, import_id: ImportId) -> None:
        self.stage.pause()
        try:
            operations.cancel(context, CALLER, import_id)
        except Conflict:
            assert self.get(import_id).is_final

    def _play_what_was_started(self, order: Order) -> None:
        for execution in list(self.executions.executions.values()):
            if execution.name not in self._played:
                self._played.add(execution.name)
                self._execute(order, ImportId(execution.import_id))

    def _execute(self, order: Order, import_id: ImportId) -> None:
        machine = self._machine(order)
        event = Event(tenant_id=OURS, import_id=import_id, attempt=1)
        try:
            walk(machine, event, partial(self._state, import_id), partial(self._states, import_id))
        except ExecutionFailed:
            stopped = StoppedEvent.model_validate({"status": "FAILED", "input": event.model_dump_json()})
            self._on_event("on_machine_stopped", lambda: machine.finish(stopped.to_finish_event()))

    def _reap(self) -> None:
        self.clock.now_s = max(self.get(one).due_at or 0 for one in self.ids) + LIFE_OF_A_FUNCTION_S + 1
        order = self.orders[0]
        reap_all(self._context(order))
        self._play_what_was_started(order)

    def _state(self, import_id: ImportId, name: str, do: Callable[[], Any]) -> Any:
        for _ in range(TRIES_OF_A_STATE):
            if self.random.random() < self.chances.double and not self._is_calm:
                self._note_double(import_id, name)
                self.stage.add(f"double of {name}", lambda: simply(name, do), weight=self.random.choice(_PACES))
                continue
            try:
                return simply(name, do)
            except (Retryable, Crash):
                continue
            except Exception as error:
                raise ExecutionFailed(f"{name}: {error!r}") from error
        raise ExecutionFailed(f"{name}: no try was left")

    def _states(self, import_id: ImportId, branches: Sequence[tuple[str, Callable[[], None]]]) -> None:
        if self._is_calm:
            for name, do in branches:
                self._state(import_id, name, do)
            return
        actors = [self.stage.add(name, partial(self._state, import_id, name, do)) for name, do in branches]
        self.stage.wait_for(actors)
        self._raise_first(actors)

    @staticmethod
    def _raise_first(actors: list[Actor]) -> None:
        for actor in actors:
            if actor.error is not None:
                raise actor.error

    def _on_event(self, name: str, do: Callable[[], object]) -> None:
        for _ in range(TRIES_OF_AN_EVENT):
            try:
                simply(name, do)
            except (Crash, Retryable):
                continue
            return

    def _tap(self, call: Call) -> Any:
        if self._is_calm:
            return call.perform()
        if not call.name.startswith("files.") or self.random.random() < _FILES_WATCHED:
            self.stage.pause()
        return self._spoiled(call)

    def _spoiled(self, call: Call) -> Any:
        fate = self.random.random()
        if call.place in ("outside", "cancel") or fate >= self.chances.crash + self.chances.throttling:
            return call.perform()
        if self.random.random() < 0.5:
            call.perform()
        raise Crash if fate < self.chances.crash else Retryable("slow down")

    def _machine(self, order: Order) -> ImportMachine:
        return ImportMachine(stores=self._tapped, limits=order.limits, now=self.clock, new_token=self._new_token)

    def _context(self, order: Order) -> Context:
        machine = self._machine(order)
        return Context(
            stores=self._tapped,
            clock=lambda: int(self.clock()),
            new_id=lambda prefix: f"{prefix}_{next(self._numbers)}",
            enter=lambda import_, upload: machine.enter(import_, upload.content),
            run_now=machine.run_now,
            finish=machine.end,
            limits=order.limits,
        )


_PACES = (1.0, 0.2, 0.01)
_FILES_WATCHED = 0.1
"""Files belong to one try of one task; who reads them when makes a difference but seldom."""
