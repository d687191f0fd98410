"""An import into a table that throttles: `python -m bench.throttling ROWS WRITES TASKS`, which answers with JSON.

The shipped state machine, the real tasks and the real record store run over `ThrottlingTable`, on a clock that leaps.
Every Lambda function is a simulated thread in a process of its own, which is kept for the next call and dies after 15
minutes. Not in the model: time on the CPU but that of the client, and the tables and the bucket beside the records.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from random import Random
from typing import Any

from bench.event_loop import EventLoop
from bench.simulated_threads import SimulatedClient, SimulatedThreads
from bench.state_machine import Respond, StateMachine
from bench.throttling_table import TableRates, ThrottlingTable
from chalicelib.imports.events import ImportRoute
from chalicelib.imports.handlers import ImportMachine
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Action, DuplicateHandling, Import, Source, Status, UploadMode, pending_phases
from chalicelib.model.limits import Limits
from chalicelib.model.object_keys import upload_key
from chalicelib.stores import memory
from chalicelib.stores.dynamodb.pace import Timing
from chalicelib.stores.dynamodb.records import DynamoDBRecords
from chalicelib.stores.interfaces import Stores
from chalicelib.stores.invocation import Invocation
from local.template import definitions_of
from statemachine.interpreter import StateFailed
from tests.faults.scenarios import put
from tests.state_functions import import_functions

TENANT = TenantId("6f1c2a4e-0000-4000-8000-000000000001")
FUNCTION_LIVES_S = 900.0
BEGINS_AT = 1_700_000_000.0
UNITS_PER_ROW = 3
"""A record, and claims on two identities."""
READS_PER_WRITE = 3
"""Of a new table: 12,000 and 4,000 units a second (AWS)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What is imported, and into what."""

    rows: int
    writes_per_s: float
    """Write units that the table takes."""
    batch_rows: int = 20_000
    tasks: int = 8
    """`ProcessingConcurrency`."""
    function_lives_s: float = FUNCTION_LIVES_S
    hand_over_s: int = 60

    @property
    def ideal_s(self) -> float:
        """The time that the writes take at least."""
        return self.rows * UNITS_PER_ROW / self.writes_per_s


@dataclass(slots=True)
class Process:
    """What serves one function after the other: its machine, and its client with what that knows of the table."""

    invocation: Invocation
    machine: ImportMachine


@dataclass
class ThrottledImport:
    """One import into a new table, beside one record."""

    load: Load
    seed: int = 1
    hand_overs: int = 0
    failed_tasks: int = 0
    """Calls of functions that ended in an error."""
    longest_s: float = 0.0
    """That a function took."""
    _idle: list[Process] = field(default_factory=list)
    _attempts: "Iterator[int]" = field(default_factory=count)

    def __post_init__(self) -> None:
        load = self.load
        self.loop = EventLoop(BEGINS_AT)
        self.threads = SimulatedThreads(self.loop)
        self.random = Random(self.seed)
        rates = TableRates(load.writes_per_s, load.writes_per_s * READS_PER_WRITE)
        self.table = ThrottlingTable(rates, self.now, self.threads.sleep, self.random)
        self.limits = replace(Limits(), small_source_bytes=0, batch_rows=load.batch_rows, hand_over_s=load.hand_over_s)
        self.stores = memory.stores(clock=self.now)

    def now(self) -> float:
        """Returns the time of the model, in epoch seconds."""
        return self.loop.now_s

    def run(self) -> Import:
        """Runs the import, and returns it as it ended."""
        self._store_a_record()
        import_ = self._queue()
        machine = StateMachine(
            definition=definitions_of("prod")["ImportMachine"],
            parameters={"MaxConcurrency": 40, "ProcessingConcurrency": self.load.tasks},
            invoke=self._invoke,
            loop=self.loop,
            random=self.random,
        )
        machine.start({"tenant_id": TENANT, "import_id": import_.import_id, "attempt": 1, "route": ImportRoute.PLAN})
        self.loop.run()
        ended = self.stores.imports.find(TENANT, import_.import_id)
        assert ended is not None
        return ended

    def _store_a_record(self) -> None:
        """Into a resource without any, an import would look for none."""
        records = self._new_process().machine.stores.records
        self.threads.start(lambda: put(records, TENANT, "customers", {"cus_1": {"email": "there@example.com"}}))
        self.loop.run()

    def _queue(self) -> Import:
        import_id = ImportId("imp_1")
        key = upload_key(TENANT, import_id)
        file = self.stores.files.write_file(key, people_csv(self.load.rows))
        import_ = Import(
            import_id=import_id,
            tenant_id=TENANT,
            resource="customers",
            action=Action.MERGE,
            upload_mode=UploadMode.ASYNC,
            status=Status.QUEUED,
            duplicate_handling=DuplicateHandling.USE_FIRST,
            phases=pending_phases(UploadMode.ASYNC),
            source=Source(key=key, version_id=file.version_id, size_bytes=file.size_bytes),
            created_at=int(self.now()),
        )
        assert self.stores.imports.add(import_)
        return import_

    def _invoke(self, function: str, payload: Any, respond: Respond) -> None:
        self.threads.start(lambda: respond(self._answer(function, payload)))

    def _answer(self, function: str, payload: Any) -> Any:
        process = self._idle.pop() if self._idle else self._new_process()
        began_at = self.now()
        process.invocation.begin(lambda: began_at + self.load.function_lives_s - self.now())
        try:
            answer = import_functions(process.machine)[function](payload)
        except Exception as error:  # Lambda tells its name
            self.failed_tasks += 1
            answer = StateFailed(type(error).__name__)
        took_s = self.now() - began_at
        self.longest_s = max(self.longest_s, took_s)
        if took_s > self.load.function_lives_s:
            self.failed_tasks += 1
            return StateFailed("Sandbox.Timedout")
        self._idle.append(process)
        self.hand_overs += isinstance(answer, dict) and answer.get("route") == "continue"
        return answer

    def _new_process(self) -> Process:
        invocation = Invocation()
        timing = Timing(wait=self.threads.sleep, clock=self.now, jitter=self.random.random)
        client = SimulatedClient(self.table, invocation, self.threads, timing)
        stores: Stores = replace(
            self.stores, records=DynamoDBRecords(client, "records", wait=self.threads.sleep, new_token=self._new_name)
        )
        machine = ImportMachine(
            stores=stores,
            limits=self.limits,
            now=self.now,
            new_attempt_id=self._new_name,
            time_left_s=invocation.time_left_s,
        )
        return Process(invocation, machine)

    def _new_name(self) -> str:
        return f"name{next(self._attempts)}"


def people_csv(rows: int) -> bytes:
    """Returns a source of so many customers, each with two identities."""
    lines = (f"C-{number},Person {number},person.{number}@example.com\n" for number in range(rows))
    return b"external_id,name,email\n" + "".join(lines).encode()


def measure(load: Load) -> dict[str, Any]:
    """Runs an import, and returns what is to be known of it."""
    model = ThrottledImport(load)
    import_ = model.run()
    began_at, ended_at = import_.started_at or 0, import_.ended_at or 0
    processing = next(phase for phase in import_.phases if phase.name == "processing")
    return {
        "rows": load.rows,
        "created": import_.stats.created,
        "status": import_.status.value,
        "ideal_s": load.ideal_s,
        "least_s": model.table.writes.taken / load.writes_per_s
        + model.table.reads.taken / (load.writes_per_s * READS_PER_WRITE),
        "took_s": ended_at - began_at,
        "writing_s": (processing.ended_at or 0) - (processing.started_at or 0),
        "statements": model.table.statements,
        "throttled": model.table.writes.throttled,
        "reads_throttled": model.table.reads.throttled,
        "hand_overs": model.hand_overs,
        "failed_tasks": model.failed_tasks,
        "longest_s": model.longest_s,
    }


def main() -> None:
    """Measures what the arguments say."""
    rows, writes_per_s, batch_rows = (int(one) for one in sys.argv[1:4])
    print(json.dumps(measure(Load(rows=rows, writes_per_s=writes_per_s, batch_rows=batch_rows))))


if __name__ == "__main__":
    main()
