"""What the stores hold of an import: the import itself, the outcomes of its rows, its files, and all records.

In come the stores, without any intercept; out comes a `StoredState`, which two runs can be compared by. Rows and their
outcomes are read by the service's own readers.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import orjson

from chalicelib.errors import NotFound
from chalicelib.imports.workspace import Workspace
from chalicelib.model.ids import ImportId, RecordId, TenantId
from chalicelib.model.imports import Import, PhaseProgress
from chalicelib.model.object_keys import ResultFile, result_key
from chalicelib.model.phases import PhaseName
from chalicelib.model.records import Record
from chalicelib.model.rows import RowOutcome
from chalicelib.stores.interfaces import Files, Records, Stores
from chalicelib.stores.memory import MemoryRecords
from tests.faults.request_faults import TableRecords
from tests.faults.scenarios import OURS, RESOURCE, THEIRS

NO_ROW = 0
RESOURCES = (RESOURCE, "companies")


@dataclass(frozen=True)
class StoredState:
    """The import, its rows and its files, and the records of both tenants, as they are stored at one moment."""

    import_: Import
    rows: list[int]
    """The numbers of the rows that were read."""
    outcomes: list[RowOutcome]
    errors_json: list[dict[str, Any]] | None
    errors_csv: list[dict[str, str]] | None
    """The rows of the errors files; None where there is no such file."""
    records: dict[RecordId, Record]
    """The records of the import's tenant and resource, tombstones included."""
    made: dict[str, int]
    """By resource, the records of others that bear a stamp of this import: those that its rows named."""
    contents: dict[str, object]
    """The content of all records of the import's tenant, without versions, times and stamps."""
    theirs: dict[str, object]
    """All records of the other tenant, versions and stamps included."""
    astray: list[str]
    """Claims and records that do not belong together."""
    left_over: list[str]
    """Claims and match keys that no record carries; on tables only those that keep others waiting."""

    @property
    def visible(self) -> object:
        """What callers see of the import, without times."""
        import_ = self.import_
        phases = tuple(replace(phase, started_at=None, ended_at=None) for phase in import_.phases)
        errors = [(one["_row_number"], [p["code"] for p in one["_problems"]]) for one in self.errors_json or ()]
        return import_.status, import_.reason, import_.stats, phases, import_.problem_counts, import_.findings, errors


def read_state(stores: Stores, import_id: ImportId) -> StoredState:
    """Reads the state of one import from the stores."""
    import_ = stores.imports.find(OURS, import_id)
    assert import_ is not None
    workspace = Workspace(stores.files, import_, attempt_id="nobody's")
    batches = _batches(workspace)
    records = stores.records
    return StoredState(
        import_=import_,
        rows=[row.number for batch in batches for row in workspace.each_row(batch)],
        outcomes=[one for phase in PhaseName for batch in batches for one in workspace.each_outcome(phase, batch)],
        errors_json=_json(stores.files, import_),
        errors_csv=_csv(stores.files, import_),
        records={one.record_id: one for one in each_record(records, OURS, RESOURCE)},
        made=_made(records, import_id),
        contents={
            f"{name} {one.record_id}": content_of(one) for name in RESOURCES for one in _live_records(records, name)
        },
        theirs={f"{name} {one.record_id}": one for name in RESOURCES for one in each_record(records, THEIRS, name)},
        astray=[text for name in RESOURCES for text in _each_astray(records, name)],
        left_over=[text for name in RESOURCES for text in _each_left_over(records, name)],
    )


def _made(records: Records, import_id: ImportId) -> dict[str, int]:
    others = (name for name in RESOURCES if name != RESOURCE)
    stamped = (
        name
        for name in others
        for one in each_record(records, OURS, name)
        if any(stamp.import_id == import_id for stamp in one.stamps)
    )
    return dict(Counter(stamped))


def content_of(record: Record) -> object:
    """Returns what a record says, without version, times and stamps."""
    return record.fields, sorted(record.claims), sorted(record.match_keys)


def each_record(records: Records, tenant_id: TenantId, resource: str) -> Iterator[Record]:
    """Yields all records of a tenant and resource, tombstones included."""
    for shard in range(records.shard_count(tenant_id, resource)):
        yield from records.each_record(tenant_id, resource, shard)


def _live_records(records: Records, resource: str) -> list[Record]:
    return [one for one in each_record(records, OURS, resource) if not one.is_deleted]


def _each_astray(records: Records, resource: str) -> Iterator[str]:
    claims = _claims(records, resource)
    for record in _live_records(records, resource):
        for key in record.claims:
            if claims.get(key) != record.record_id:
                yield f"{resource}: {record.record_id} carries {key}, which {claims.get(key)} holds"


def _each_left_over(records: Records, resource: str) -> Iterator[str]:
    """Yields claims and match keys that no record carries, and that others would have to wait for."""
    all_ = {str(one.record_id): one for one in each_record(records, OURS, resource)}
    for key, holder in _claims(records, resource).items():
        if (holder not in all_ or key not in all_[holder].claims) and not _is_dead(records, resource, key, all_):
            yield f"{resource}: claim {key} of {holder}, which does not carry it"
    for key, holder in _match_keys(records, resource):
        is_carried = holder in all_ and key in all_[holder].match_keys
        if not is_carried and isinstance(records, MemoryRecords):
            yield f"{resource}: match key {key} of {holder}, which does not carry it"


def _is_dead(records: Records, resource: str, key: str, all_: dict[str, Record]) -> bool:
    """Whether others may take the claim at once: on tables a crash may leave the claims of an older version."""
    if not isinstance(records, TableRecords):
        return False
    (claim,) = (item for name, _, item in records.each_item("CLAIM", OURS, resource) if name == key)
    holder = all_.get(claim["record_id"]["S"])
    return holder is not None and holder.version >= int(claim["for_version"]["N"])


def _claims(records: Records, resource: str) -> dict[str, str]:
    if isinstance(records, MemoryRecords):
        return dict(records._partition(OURS, resource).claims)
    assert isinstance(records, TableRecords)
    return {key: item["record_id"]["S"] for key, _, item in records.each_item("CLAIM", OURS, resource)}


def _match_keys(records: Records, resource: str) -> list[tuple[str, str]]:
    if isinstance(records, MemoryRecords):
        return [(key, one) for key, ids in records._partition(OURS, resource).matches.items() for one in ids]
    assert isinstance(records, TableRecords)
    return [(key, record_id) for key, record_id, _ in records.each_item("MATCH", OURS, resource)]


def _batches(workspace: Workspace) -> list[int]:
    try:
        return workspace.get_batches()
    except NotFound:
        return []


def _json(files: Files, import_: Import) -> list[dict[str, Any]] | None:
    content = _find(files, import_, ResultFile.ERRORS_JSON)
    return None if content is None else list(orjson.loads(content))


def _csv(files: Files, import_: Import) -> list[dict[str, str]] | None:
    content = _find(files, import_, ResultFile.ERRORS_CSV)
    return None if content is None else list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def _find(files: Files, import_: Import, file: ResultFile) -> bytes | None:
    try:
        return files.read_file(result_key(import_.tenant_id, import_.import_id, file))
    except NotFound:
        return None


def phases_by_status(import_: Import) -> dict[str, PhaseProgress]:
    return {phase.name: phase for phase in import_.phases}
