"""Drives imports through the real machine, tasks and gates, with stores in memory, as the state machine would.

`ImportWorld` is one tenant's world: it uploads sources, runs the machine, and shows what became of rows and records.
"""

from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import orjson

from chalicelib.imports.events import Event, ExecutionInput, GateEvent, Step, TaskEvent
from chalicelib.imports.handlers import ImportMachine
from chalicelib.lifecycle.task_route import TaskRoute
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Action, DuplicateHandling, Import, Source, Status, UploadMode, pending_phases
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.object_keys import ResultFile, result_key, upload_key
from chalicelib.model.phases import PhaseName
from chalicelib.model.records import Record
from chalicelib.stores import memory
from chalicelib.stores.interfaces import Stores
from statemachine.interpreter import execute, run_in_order
from tests.state_functions import IMPORT_MACHINE, import_functions

TENANT = TenantId("6f1c2a4e-0000-4000-8000-000000000001")


@dataclass
class Clock:
    """A clock that stands still until a test sets it; each reading adds a millisecond, so that no two are equal."""

    now_s: float = 1_700_000_000.0

    def __call__(self) -> float:
        self.now_s += 0.001
        return self.now_s


@dataclass
class ImportWorld:
    """A world in which imports run through the real machine."""

    limits: Limits = DEFAULT_LIMITS
    is_held: bool = False
    """Whether one function holds small imports in memory, as it does where nothing else is said; tests of tasks look at
    what they leave in the bucket."""
    clock: Clock = field(default_factory=Clock)
    stores: Stores = field(init=False)
    machine: ImportMachine = field(init=False)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.stores = memory.stores(clock=self.clock)
        self.limits = self.limits if self.is_held else replace(self.limits, held_source_bytes=0)
        self.machine = ImportMachine(
            stores=self.stores,
            limits=self.limits,
            now=self.clock,
            new_attempt_id=lambda: f"try{next(self.numbers)}",
        )

    def queue(self, content: str | bytes, *, resource: str = "customers", **options: Any) -> Import:
        """Stores a source and an import that is queued with it."""
        number = next(self.numbers)
        import_id = ImportId(f"imp_{number}")
        key = upload_key(TENANT, import_id)
        file = self.stores.files.write_file(key, content.encode() if isinstance(content, str) else content)
        import_ = Import(
            import_id=import_id,
            tenant_id=TENANT,
            resource=resource,
            action=Action(options.pop("action", "merge")),
            upload_mode=UploadMode.ASYNC,
            status=Status.QUEUED,
            duplicate_handling=DuplicateHandling(options.pop("duplicate_handling", "use_first")),
            phases=pending_phases(UploadMode.ASYNC),
            source=Source(key=key, version_id=file.version_id, size_bytes=file.size_bytes),
            created_at=int(self.clock()),
        )
        import_ = replace(import_, **options)
        assert self.stores.imports.add(import_)
        return import_

    def run(self, content: str | bytes, **options: Any) -> Import:
        """Runs an import of this source, and returns it as it ended."""
        return self.run_queued(self.queue(content, **options))

    def run_queued(self, import_: Import) -> Import:
        """Runs an import that is queued, and returns it as it ended."""
        run_import(self.machine, import_)
        return self.get(import_)

    def get(self, import_: Import) -> Import:
        """Returns the import as it is stored now."""
        found = self.stores.imports.find(TENANT, import_.import_id)
        assert found is not None
        return found

    def records(self, resource: str = "customers") -> list[Record]:
        """Returns the records that are not deleted, in the order of their ids."""
        shards = self.stores.records.shard_count(TENANT, resource)
        found = [one for shard in range(shards) for one in self.stores.records.each_record(TENANT, resource, shard)]
        return sorted((one for one in found if not one.is_deleted), key=lambda one: one.record_id)

    def errors(self, import_: Import) -> list[dict[str, Any]]:
        """Returns the rejected rows as the errors file has them."""
        key = result_key(TENANT, import_.import_id, ResultFile.ERRORS_JSON)
        return list(orjson.loads(self.stores.files.read_file(key)))

    def codes(self, import_: Import) -> dict[int, list[str]]:
        """Returns the problem codes of the rejected rows by row number."""
        return {one["_row_number"]: [problem["code"] for problem in one["_problems"]] for one in self.errors(import_)}


def run_import(machine: ImportMachine, import_: Import) -> None:
    """Runs the state machine as it is shipped, in one thread; what a function raises is raised."""
    event = ExecutionInput(tenant_id=import_.tenant_id, import_id=import_.import_id, attempt=import_.attempt)
    functions = import_functions(machine)
    execution = execute(IMPORT_MACHINE, event.model_dump(mode="json"))
    run_in_order(execution, lambda invocation: functions[invocation.function](invocation.payload))


def run_phase(machine: ImportMachine, step: Step, phase: PhaseName) -> Step:
    """Runs one Map and its gate, and returns the gate's answer."""
    ids = Event.model_validate(step.model_dump()).model_dump()
    for task in step.tasks:
        while machine.run_task(TaskEvent(**ids, phase=phase, task=task)).route == TaskRoute.CONTINUE:
            pass
    return machine.close_phase(GateEvent(**ids, phase=phase))
