"""Stores that number every call and hand it to a function, which may note it, spoil it, or simply perform it.

In come stores and that function, an `Intercept`; out go stores with the same methods. A recorder is an intercept that
notes each call, a fault one that spoils some. Nothing is patched: the code under test is given these stores as it would
be given any others.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import count
from typing import Any, cast

from chalicelib.model.exports import Export
from chalicelib.stores.interfaces import (
    ConcurrencySlots,
    Cursors,
    Events,
    Executions,
    Exports,
    Files,
    IdempotencyRecords,
    ImportExecutions,
    ImportProfiles,
    Imports,
    ImportSessions,
    Records,
    Schedules,
    Stores,
    TaskResults,
)

EFFECTS = frozenset(
    {
        "imports.add",
        "imports.change",
        "imports.discard",
        "imports.forget_source",
        "imports.occupy",
        "imports.redrive",
        "imports.release",
        "import_profiles.replace",
        "import_profiles.replace_settings",
        "imports.report",
        "imports.rename",
        "imports.delete",
        "imports.change_known",
        "imports.mark_published",
        "imports.revise",
        "imports.postpone",
        "imports.unwatch",
        "imports.watch",
        "events.publish",
        "results.put_once",
        "exports.add",
        "exports.change",
        "exports.report",
        "exports.rename",
        "exports.delete",
        "exports.mark_published",
        "exports.postpone",
        "exports.unwatch",
        "exports.watch",
        "exports.put_once",
        "files.start_parts",
        "files.complete_parts",
        "files.write_file",
        "files.write_stream",
        "files.write_streams",
        "files.concatenate",
        "files.copy_file",
        "files.delete_files",
        "files.delete_versions",
        "records.prepare",
        "records.write_many",
        "import_executions.start",
        "import_executions.start_describing",
        "import_executions.start_ending",
        "import_executions.stop",
        "export_executions.start",
        "export_executions.stop",
        "cursors.move",
        "schedules.add",
        "schedules.replace",
        "schedules.delete",
        "schedules.put_run",
        "schedules.change_run",
        "slots.take",
        "slots.leave",
        "slots.wait",
        "slots.stop_waiting",
        "slots.note_start",
        "slots.remove_idle",
        "import_sessions.add",
        "import_sessions.replace",
        "idempotency_records.acquire",
        "idempotency_records.complete",
        "idempotency_records.release",
    }
)
"""The calls that change something; all others only read."""

OUTSIDE = "outside"
"""What a call comes from that no function of the service makes, but a test."""
_FUNCTION: ContextVar[tuple[str, int]] = ContextVar("function", default=(OUTSIDE, 0))
_invocations = count(1)


def current_function() -> str:
    """Returns the name of the function of the service that is running in this thread, or OUTSIDE."""
    return _FUNCTION.get()[0]


@contextmanager
def inside_function(name: str) -> Iterator[None]:
    """Makes the calls of a block say that they come from the function of this name."""
    before = _FUNCTION.set((name, next(_invocations)))
    try:
        yield
    finally:
        _FUNCTION.reset(before)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of one method of one store."""

    number: int
    """The number of the call among all calls of the run, from 0."""
    name: str
    """The store and the method, such as `records.write_many`."""
    function: str
    """The function or the task that made it, such as `processing 2`."""
    invocation: int
    """A number that the calls of one invocation share, and no others."""
    depth: int
    """How many calls it is made inside of: what is written as a stream may be read from a store meanwhile."""
    target: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    @property
    def is_effect(self) -> bool:
        """Whether the call changes something."""
        return self.name in EFFECTS

    def perform(self) -> Any:
        """Makes the call on the real store, and returns its answer."""
        return self.target(*self.args, **self.kwargs)

    def __str__(self) -> str:
        return f"call {self.number}, {self.name} in {self.function}"


Intercept = Callable[[Call], Any]
"""Answers instead of the store: it performs the call once, twice, in part or not at all, and returns or raises."""


class CallRecorder:
    """Numbers the calls of one run, and hands each of them to the intercept.

    `stores` are the stores to give to the code under test.
    """

    def __init__(self, stores: Stores, intercept: Intercept) -> None:
        self._intercept = intercept
        self._next = 0
        self._depth = ContextVar[int]("depth", default=0)
        self.stores = Stores(
            imports=cast(Imports, _RecordedStore(self, "imports", stores.imports)),
            results=cast(TaskResults, _RecordedStore(self, "results", stores.results)),
            files=cast(Files, _RecordedStore(self, "files", stores.files)),
            records=cast(Records, _RecordedStore(self, "records", stores.records)),
            import_executions=cast(
                ImportExecutions, _RecordedStore(self, "import_executions", stores.import_executions)
            ),
            import_profiles=cast(ImportProfiles, _RecordedStore(self, "import_profiles", stores.import_profiles)),
            import_sessions=cast(ImportSessions, _RecordedStore(self, "import_sessions", stores.import_sessions)),
            keys=stores.keys,
            tokens=stores.tokens,
            request_counter=stores.request_counter,
            exports=cast(Exports, _RecordedStore(self, "exports", stores.exports)),
            export_executions=cast(
                Executions[Export], _RecordedStore(self, "export_executions", stores.export_executions)
            ),
            schedules=cast(Schedules, _RecordedStore(self, "schedules", stores.schedules)),
            events=cast(Events, _RecordedStore(self, "events", stores.events)),
            event_log=stores.event_log,
            webhooks=stores.webhooks,
            deliveries=stores.deliveries,
            webhook_transport=stores.webhook_transport,
            slots=cast(ConcurrencySlots, _RecordedStore(self, "slots", stores.slots)),
            idempotency_records=cast(
                IdempotencyRecords, _RecordedStore(self, "idempotency_records", stores.idempotency_records)
            ),
            cursors=cast(Cursors, _RecordedStore(self, "cursors", stores.cursors)),
            usage=stores.usage,
        )

    def answer(self, name: str, target: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Numbers one call, and returns what the intercept answers."""
        number, self._next = self._next, self._next + 1
        depth = self._depth.get()
        before = self._depth.set(depth + 1)
        try:
            return self._intercept(Call(number, name, *_FUNCTION.get(), depth, target, args, kwargs))
        finally:
            self._depth.reset(before)


class _RecordedStore:
    def __init__(self, recorder: CallRecorder, name: str, store: object) -> None:
        self._recorder = recorder
        self._name = name
        self._store = store

    def __getattr__(self, method: str) -> Callable[..., Any]:
        target = getattr(self._store, method)
        return lambda *args, **kwargs: self._recorder.answer(f"{self._name}.{method}", target, args, kwargs)


def pass_through(call: Call) -> Any:
    """Performs the call and does nothing else: the intercept of a run without faults."""
    return call.perform()
