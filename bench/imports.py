"""Imports through the real machine, tasks and gates, in one process and one thread, over any stores."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from chalicelib.imports.events import Event, FinishEvent, GateEvent, ImportRoute, SectionEvent, Step, TaskEvent
from chalicelib.imports.handlers import ImportMachine
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Action, DuplicateHandling, Import, Source, Status, UploadMode, pending_phases
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.object_keys import upload_key
from chalicelib.model.phases import FIRST_PHASE, PhaseName
from chalicelib.stores.interfaces import StoredFile, Stores

TENANT = TenantId("6f1c2a4e-0000-4000-8000-000000000001")

Lap = Callable[[str], None]
"""Called with a name when a call of the machine has ended: a function of the state machine, or a phase."""


def _no_lap(_: str) -> None: ...


@dataclass(slots=True)
class ImportPipeline:
    """What the state machine and its functions are for one import after the other."""

    stores: Stores
    limits: Limits = DEFAULT_LIMITS
    lap: Lap = _no_lap
    machine: ImportMachine = field(init=False)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.machine = ImportMachine(
            stores=self.stores, limits=self.limits, now=time.time, new_attempt_id=lambda: f"try{next(self._numbers)}"
        )

    def upload(self, content: bytes) -> StoredFile:
        """Stores a source, and returns what is known of the file."""
        return self.stores.files.write_file(upload_key(TENANT, ImportId(f"file{next(self._numbers)}")), content)

    def queue(self, file: StoredFile, resource: str, *, filename: str = "") -> Import:
        """Stores an import that is queued with this source."""
        import_ = Import(
            import_id=ImportId(f"imp_{next(self._numbers):020}"),
            tenant_id=TENANT,
            resource=resource,
            action=Action.MERGE,
            upload_mode=UploadMode.ASYNC,
            status=Status.QUEUED,
            duplicate_handling=DuplicateHandling.USE_FIRST,
            phases=pending_phases(UploadMode.ASYNC),
            source=Source(key=file.key, version_id=file.version_id, size_bytes=file.size_bytes, filename=filename),
            created_at=int(time.time()),
            deadline_at=int(time.time()) + 86_400,
        )
        assert self.stores.imports.add(import_)
        return import_

    def run(self, file: StoredFile, resource: str, *, filename: str = "") -> Import:
        """Runs all phases of an import, as statemachine/import_machine.py does, and returns the import as it ended."""
        import_ = self.queue(file, resource, filename=filename)
        step = self._start(import_)
        while step.route not in (ImportRoute.FINISH, ImportRoute.DONE):
            step = self._phase(step, PhaseName(step.route))
        if step.route == ImportRoute.FINISH:
            self._finish(FinishEvent(**_event(import_).model_dump(), stopped_by=step.stopped_by))
        return self.get(import_)

    def _finish(self, event: FinishEvent) -> None:
        step = self.machine.finish(event)
        self.lap("finish")
        for section in step.tasks:
            self.machine.write_results(SectionEvent(**event.model_dump(), task=section))
            self.lap("results")
        if step.tasks:
            self._finish(event)

    def prevalidate(self, import_: Import) -> None:
        """Runs the first phase alone."""
        step = self.machine.plan(_event(import_))
        for task in step.tasks or (0,):
            self.machine.run_task(TaskEvent(**_event(import_).model_dump(), phase=FIRST_PHASE, task=task))

    def get(self, import_: Import) -> Import:
        """Returns the import as it is stored now."""
        found = self.stores.imports.find(TENANT, import_.import_id)
        assert found is not None
        return found

    def _start(self, import_: Import) -> Step:
        event = _event(import_)
        step = self.machine.plan(event)
        self.lap("plan")
        if step.route.startswith("run_phases"):
            step = self.machine.run_phases(event)
            self.lap("run_phases")
        elif step.route.startswith("prevalidate"):
            step = self._phase(step, FIRST_PHASE)
        return step

    def _phase(self, step: Step, phase: PhaseName) -> Step:
        ids = Event.model_validate(step.model_dump()).model_dump()
        for task in step.tasks:
            self.machine.run_task(TaskEvent(**ids, phase=phase, task=task))
            self.lap(phase)
        passed = self.machine.close_phase(GateEvent(**ids, phase=phase))
        self.lap("gate")
        return passed


def _event(import_: Import) -> Event:
    return Event(tenant_id=import_.tenant_id, import_id=import_.import_id, attempt=import_.attempt)
