"""Imports, records and writes for the store contracts; only the fields that matter are named."""

from typing import Any
from uuid import uuid4

from chalicelib.model.ids import ImportId, RecordId, TenantId
from chalicelib.model.imports import Action, Import, UploadMode
from chalicelib.model.records import Record, Stamp, Write
from chalicelib.model.rows import Outcome
from chalicelib.stores.interfaces import Stores

NOW_MS = 1_800_000_000_000
CONTACTS = "contacts"


def an_import_id() -> ImportId:
    return ImportId(f"imp_{uuid4().hex[:26]}")


def an_import(tenant: TenantId, **given: Any) -> Import:
    wanted: dict[str, Any] = {
        "import_id": an_import_id(),
        "tenant_id": tenant,
        "resource": CONTACTS,
        "action": Action.MERGE,
        "upload_mode": UploadMode.ASYNC,
        "created_at": NOW_MS // 1_000,
    }
    return Import(**(wanted | given))


def a_stamp(row_number: int = 1, *, outcome: Outcome = Outcome.CREATED, import_id: str = "imp_one") -> Stamp:
    return Stamp(ImportId(import_id), row_number, outcome)


def a_write(record_id: str, *, row: int = 1, by: str = "imp_one", **given: Any) -> Write:
    """A creation unless `before` is given."""
    outcome = given.pop("outcome", Outcome.UPDATED if given.get("before") else Outcome.CREATED)
    wanted: dict[str, Any] = {"before": None, "fields": {"name": record_id}}
    stamp = a_stamp(row, outcome=outcome, import_id=by)
    return Write(record_id=RecordId(record_id), stamp=stamp, **(wanted | given))


def a_deletion(before: Record, *, row: int = 1, by: str = "imp_two") -> Write:
    return Write(record_id=before.record_id, before=before, stamp=a_stamp(row, outcome=Outcome.DELETED, import_id=by))


def stored(stores: Stores, tenant: TenantId, record_id: str, resource: str = CONTACTS) -> Record:
    return stores.records.get_many(tenant, resource, [RecordId(record_id)])[RecordId(record_id)]


def created(stores: Stores, tenant: TenantId, record_id: str, **given: Any) -> Record:
    """The record after it was written."""
    stores.records.write_many(tenant, CONTACTS, [a_write(record_id, **given)], now_ms=NOW_MS)
    return stored(stores, tenant, record_id)
