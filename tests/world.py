"""A world for operations and dialects: stores in memory, a clock that stands still, ids that count, and a pipeline that
does no more than it must and remembers the rows that it was given.

`tests/real_pipeline.py` puts the real pipeline in its place; `docs/testing.md` says which world is for what.
"""

from dataclasses import replace
from itertools import count
from typing import Any

from chalicelib.access.context import Caller, Context
from chalicelib.formats.registry import Format
from chalicelib.model.api_keys import ApiKey, Scope, digest_of
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.exports import Export, ExportSelection, ExportStatus
from chalicelib.model.identity_keys import claims_of
from chalicelib.model.ids import ExportId, ImportId, RecordId, ScheduleId, TenantId
from chalicelib.model.imports import (
    FINAL,
    Action,
    Import,
    Source,
    Status,
    UploadMode,
    pending_phases,
)
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.object_keys import upload_key
from chalicelib.model.records import Stamp, Write
from chalicelib.model.rows import Fields, Outcome
from chalicelib.model.schedules import ExportTemplate, Schedule
from chalicelib.model.write_options import Rendering
from chalicelib.schema.identity import identity_keys
from chalicelib.stores.interfaces import StoredFile
from chalicelib.stores.memory import MemoryImportExecutions, stores
from chalicelib.stores.memory.machine import Execution
from tests.import_runner import FakeRunner

NOW = 1_700_000_000
"""2023-11-14T22:13:20Z."""

OURS = TenantId("11111111-1111-4111-8111-111111111111")
THEIRS = TenantId("22222222-2222-4222-8222-222222222222")
EVERY_SCOPE = frozenset(Scope)


class World:
    """Everything that an operation is given, and what became of it."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self.now = NOW
        self.stores = stores(clock=lambda: self.now)
        self.runner = FakeRunner(self.stores, lambda: self.now, limits)
        numbers = count(1)
        self.context = Context(
            stores=self.stores,
            clock=lambda: self.now,
            new_id=lambda prefix: f"{prefix}_{next(numbers)}",
            open_runner=lambda: self.runner,
            limits=limits,
        )

    def caller(self, tenant_id: TenantId = OURS) -> Caller:
        """Returns a caller of this tenant who may do everything."""
        return Caller(tenant_id=tenant_id, key_id="key_test", scopes=EVERY_SCOPE)

    def key(self, secret: str, *, tenant_id: TenantId = OURS, **fields: Any) -> str:
        """Stores an API key with this secret, and returns the secret."""
        fields = {"scopes": EVERY_SCOPE, "key_id": "key_test"} | fields
        self.stores.keys.add(ApiKey(digest=digest_of(secret), tenant_id=tenant_id, **fields))
        return secret

    def add_import(self, status: Status = Status.REQUESTED, import_id: str = "imp_given", **fields: object) -> Import:
        """Stores an import in this status, and returns it."""
        import_ = an_import(status, import_id, **fields)
        assert self.stores.imports.add(import_)
        return import_

    def stored_import(self, import_: Import) -> Import:
        """Returns the import as it is stored now."""
        stored = self.stores.imports.find(import_.tenant_id, import_.import_id)
        assert stored is not None
        return stored

    def uploaded(self, import_: Import, content: bytes = b"name\nAnn\n") -> StoredFile:
        """Stores a file where the caller would have uploaded it."""
        key = upload_key(import_.tenant_id, import_.import_id)
        return self.stores.files.write_file(key, content, content_type="text/csv")

    def record(self, record_id: str, fields: Fields, *, resource: str = "contacts", tenant_id: TenantId = OURS) -> None:
        """Stores a record, as if an earlier import had created it."""
        write = Write(
            record_id=RecordId(record_id),
            before=None,
            fields=fields,
            stamp=Stamp(ImportId("imp_before"), 1, Outcome.CREATED),
            claims=claims_of(identity_keys(RESOURCES[resource], fields)),
        )
        self.stores.records.write_many(tenant_id, resource, [write], now_ms=NOW * 1000)

    @property
    def executions(self) -> list[Execution]:
        """Every execution of the state machine that was started."""
        assert isinstance(self.stores.import_executions, MemoryImportExecutions)
        return list(self.stores.import_executions.executions.values())

    @property
    def started(self) -> list[str]:
        """The names of these executions, each made of an import's id and its attempt; without those that look at a
        source."""
        return [one.name for one in self.executions if not one.is_describing]

    def forget_executions(self) -> None:
        """Makes the world as if the machine had never been started."""
        assert isinstance(self.stores.import_executions, MemoryImportExecutions)
        self.stores.import_executions.executions.clear()


def an_import(status: Status = Status.REQUESTED, import_id: str = "imp_given", **fields: object) -> Import:
    """Returns an import with the times and the source that one of this status has."""
    mode = fields.get("upload_mode", UploadMode.ASYNC)
    tenant_id = fields.get("tenant_id", OURS)
    key = upload_key(tenant_id, ImportId(import_id))  # type: ignore[arg-type]
    import_ = Import(
        import_id=ImportId(import_id),
        tenant_id=OURS,
        resource="contacts",
        action=Action.MERGE,
        upload_mode=UploadMode.ASYNC,
        status=status,
        dialect="packagex",
        source=Source(key=key),
        phases=pending_phases(mode),  # type: ignore[arg-type]
        created_by="key_test",
        updated_by="key_test",
        created_at=NOW,
        updated_at=NOW,
        upload_expires_at=NOW + 3600,
        started_at=NOW if status in (Status.PROCESSING, Status.CANCELING) else None,
        deadline_at=None if status in (Status.REQUESTED, Status.EXPIRED) else NOW + 7200,
        ended_at=NOW if status in FINAL else None,
    )
    return replace(import_, **fields)  # type: ignore[arg-type]


def an_export(status: ExportStatus = ExportStatus.QUEUED, export_id: str = "exp_1", **fields: object) -> Export:
    """Returns an export with the times that one of this status has."""
    export = Export(
        export_id=ExportId(export_id),
        tenant_id=OURS,
        resource="contacts",
        status=status,
        dialect="packagex",
        selection=ExportSelection(fields=("id", "name")),
        renderings=(Rendering(), Rendering(format=Format.JSON)),
        created_by="key_test",
        updated_by="key_test",
        created_at=NOW,
        updated_at=NOW,
        deadline_at=NOW + 7200,
        files_until=NOW + 86400 if status is ExportStatus.COMPLETED else None,
    )
    return replace(export, **fields)  # type: ignore[arg-type]


def a_schedule(schedule_id: str = "sch_1", **fields: object) -> Schedule:
    """Returns a schedule that is due every hour, next in an hour."""
    selection = ExportSelection(fields=("id", "name"))
    schedule = Schedule(
        schedule_id=ScheduleId(schedule_id),
        tenant_id=OURS,
        expression="rate(1 hour)",
        time_zone="UTC",
        template=ExportTemplate(
            dialect="packagex",
            resource="contacts",
            selection=selection,
            renderings=(Rendering(format=Format.JSON),),
        ),
        asked={"resource": "contact", "format": "json", "fields": ["id", "name"]},
        anchor_at=NOW,
        next_due_at=NOW + 3600,
        created_by="key_test",
        updated_by="key_test",
        created_at=NOW,
        updated_at=NOW,
    )
    return replace(schedule, **fields)  # type: ignore[arg-type]
