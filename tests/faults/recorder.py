"""Stores with a tap on every call: who wants to see what an import does, or to spoil it, is passed in here.

In come stores and a tap; out go stores that keep the same promises and let the tap perform each call, or not. Nothing
is patched: the code under test is given these stores as it would be given any others.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, cast

from chalicelib.model.exports import Export
from chalicelib.model.imports import Import
from chalicelib.stores.interfaces import (
    ConcurrencySlots,
    Events,
    Executions,
    Exports,
    Files,
    IdempotencyRecords,
    Imports,
    Records,
    Schedules,
    Stores,
    TaskResults,
)

EFFECTS = frozenset(
    {
        "imports.add",
        "imports.change",
        "imports.report",
        "imports.rename",
        "imports.delete",
        "imports.mark_published",
        "events.publish",
        "results.put_once",
        "exports.add",
        "exports.change",
        "exports.report",
        "exports.rename",
        "exports.delete",
        "exports.mark_published",
        "exports.put_once",
        "files.write_file",
        "files.write_stream",
        "files.write_streams",
        "files.copy_file",
        "files.delete_files",
        "records.prepare",
        "records.write_many",
        "import_executions.start",
        "import_executions.stop",
        "export_executions.start",
        "export_executions.stop",
        "schedules.add",
        "schedules.replace",
        "schedules.delete",
        "schedules.put_run",
        "schedules.change_run",
        "slots.take",
        "slots.leave",
        "slots.wait",
        "slots.stop_waiting",
        "idempotency_records.acquire",
        "idempotency_records.complete",
        "idempotency_records.release",
    }
)
"""Calls that change something; all others only look."""

_PLACE: ContextVar[str] = ContextVar("place", default="outside")
"""Which function of the service is running, in this thread."""


@contextmanager
def place(name: str) -> Iterator[None]:
    """Calls made inside say that they come from there."""
    before = _PLACE.set(name)
    try:
        yield
    finally:
        _PLACE.reset(before)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of one method of one store."""

    number: int
    """Counts all calls of a run from 0."""
    name: str
    """`records.write_many`."""
    place: str
    """`processing 2`: the function, or the task, that made it."""
    target: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    @property
    def is_effect(self) -> bool:
        return self.name in EFFECTS

    def perform(self) -> Any:
        return self.target(*self.args, **self.kwargs)

    def __str__(self) -> str:
        return f"call {self.number}, {self.name} in {self.place}"


Tap = Callable[[Call], Any]
"""Answers for the store: performs the call once, twice, in part or not at all, and returns or raises as it likes."""


class Taps:
    """Numbers the calls of one run and hands each to the tap."""

    def __init__(self, stores: Stores, tap: Tap) -> None:
        self._tap = tap
        self._next = 0
        self.stores = Stores(
            imports=cast(Imports, _Tapped(self, "imports", stores.imports)),
            results=cast(TaskResults, _Tapped(self, "results", stores.results)),
            files=cast(Files, _Tapped(self, "files", stores.files)),
            records=cast(Records, _Tapped(self, "records", stores.records)),
            import_executions=cast(Executions[Import], _Tapped(self, "import_executions", stores.import_executions)),
            keys=stores.keys,
            tokens=stores.tokens,
            request_counter=stores.request_counter,
            exports=cast(Exports, _Tapped(self, "exports", stores.exports)),
            export_executions=cast(Executions[Export], _Tapped(self, "export_executions", stores.export_executions)),
            schedules=cast(Schedules, _Tapped(self, "schedules", stores.schedules)),
            events=cast(Events, _Tapped(self, "events", stores.events)),
            webhooks=stores.webhooks,
            deliveries=stores.deliveries,
            webhook_transport=stores.webhook_transport,
            slots=cast(ConcurrencySlots, _Tapped(self, "slots", stores.slots)),
            idempotency_records=cast(
                IdempotencyRecords, _Tapped(self, "idempotency_records", stores.idempotency_records)
            ),
        )

    def answer(self, name: str, target: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        number, self._next = self._next, self._next + 1
        return self._tap(Call(number, name, _PLACE.get(), target, args, kwargs))


class _Tapped:
    def __init__(self, taps: Taps, name: str, store: object) -> None:
        self._taps = taps
        self._name = name
        self._store = store

    def __getattr__(self, method: str) -> Callable[..., Any]:
        target = getattr(self._store, method)
        return lambda *args, **kwargs: self._taps.answer(f"{self._name}.{method}", target, args, kwargs)


def plainly(call: Call) -> Any:
    """The tap of a healthy run."""
    return call.perform()
