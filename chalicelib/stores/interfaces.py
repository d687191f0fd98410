"""What the core asks of its stores. Every promise stands here and is tested against AWS emulation and memory alike.

The tenant is the first argument wherever data of a tenant is touched. Stores raise `Retryable` for what trying again
may mend (throttling, a lost connection); everything else they answer with values.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple, Protocol

from chalicelib.model.completions import Completion
from chalicelib.model.exports import Export, ExportChange, ExportResult, ExportStage, Progress
from chalicelib.model.ids import ExportId, ImportId, RecordId, ScheduleId, TenantId
from chalicelib.model.imports import Import, PhaseName, StatusChange
from chalicelib.model.keys import AccessToken, ApiKey
from chalicelib.model.quotas import Allowance, Quota
from chalicelib.model.records import Record, Write, Written
from chalicelib.model.results import TaskResult
from chalicelib.model.schedules import RunStatus, Schedule, ScheduleRun
from chalicelib.model.turns import KeptAnswer, Turn
from chalicelib.model.webhooks import Delivery, DeliveryId, Webhook, WebhookId
from chalicelib.rules.targets import Target


@dataclass(frozen=True, slots=True)
class Listing:
    """One numbered page of imports."""

    imports: tuple[Import, ...]
    total: int
    """How many there are on all pages."""


@dataclass(frozen=True, slots=True)
class ExportListing:
    """One numbered page of exports."""

    exports: tuple[Export, ...]
    total: int
    """How many there are on all pages."""


@dataclass(frozen=True, slots=True)
class ScheduleListing:
    """One numbered page of schedules."""

    schedules: tuple[Schedule, ...]
    total: int


@dataclass(frozen=True, slots=True)
class RunListing:
    """One numbered page of a schedule's runs."""

    runs: tuple[ScheduleRun, ...]
    total: int


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A slice of a tenant's records, ordered by shard, then id: stable, but meaningless to people."""

    records: tuple[Record, ...]
    cursor: str | None
    """Opaque; None after the last page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """An object version as it lies in the bucket."""

    key: str
    size_bytes: int
    version_id: str | None
    checksum: str
    """Its entity tag, without quotes."""
    content_type: str = ""


class Imports(Protocol):
    """Imports by tenant and id, and by time."""

    def add(self, import_: Import) -> bool:
        """False if an import of this tenant and id exists already: then nothing changes."""

    def find(self, tenant_id: TenantId, import_id: ImportId) -> Import | None: ...

    def list_page(
        self,
        tenant_id: TenantId,
        *,
        page: int,
        per_page: int,
        resources: frozenset[str] | None = None,
        since: int = 0,
    ) -> Listing:
        """Newest first, also within a second; `page` counts from 1; only imports of `resources` where given, and only
        those created at `since` or later. A moment behind `add`.
        """

    def change(self, tenant_id: TenantId, import_id: ImportId, change: StatusChange) -> Import | None:
        """The import afterwards; None, and nothing changed, unless the stored status is one of `PREDECESSORS[to]` and
        the stored attempt is the one given, if any is.
        """

    def report(self, import_: Import) -> bool:
        """Writes phases, stats and `updated_at` while the stored status is processing or canceling and the attempt is
        the same. Never touches the status. False if it was refused.
        """

    def rename(self, tenant_id: TenantId, import_id: ImportId, name: str | None, *, by: str, at: int) -> bool:
        """False if there is no such import."""

    def delete(self, tenant_id: TenantId, import_id: ImportId) -> bool:
        """Removes a final import from every list, while its id stays taken; False if it is absent or not final."""

    def each_due(self, now: int) -> Iterator[tuple[TenantId, ImportId]]:
        """Imports whose upload window or deadline ended before `now` and that have no final status.

        Every import is watched from `add` on, until `change` makes it final.
        """

    def each_owed(self, before: int) -> Iterator[Import]:
        """Final imports of which nobody may have been told, though they ended before `before`.

        `change` writes `announce_due` together with the final status, so that none is missing here.
        """

    def settle(self, import_: Import) -> None:
        """It has been told: takes `announce_due` away, unless another ending has written it anew."""


class TaskResults(Protocol):
    """Results of tasks, written once each."""

    def put_once(self, import_id: ImportId, attempt: int, result: TaskResult) -> bool:
        """False if this task of this attempt has a result already, which then stands."""

    def find_result(self, import_id: ImportId, attempt: int, phase: PhaseName, task: int) -> TaskResult | None: ...

    def list_results(self, import_id: ImportId, attempt: int, phase: PhaseName) -> list[TaskResult]:
        """Strongly consistent, ordered by task."""


class Files(Protocol):
    """Objects of one bucket."""

    def find_file(self, key: str, version_id: str | None = None) -> StoredFile | None: ...

    def open_file(
        self, key: str, version_id: str | None = None, *, start: int = 0, end: int | None = None
    ) -> AbstractContextManager[BinaryIO]:
        """A stream over the object from byte `start` to before byte `end`; raises NotFound if absent. Reads in chunks,
        never the whole.
        """

    def read_file(self, key: str) -> bytes:
        """The whole of a small object; raises NotFound."""

    def write_file(self, key: str, content: bytes, *, content_type: str = "application/octet-stream") -> StoredFile: ...

    def write_stream(self, key: str, chunks: Iterable[bytes], *, content_type: str) -> StoredFile:
        """Of any length, in bounded memory; nothing is visible before the end, nothing is left over after a failure."""

    def concatenate(self, keys: Sequence[str], key: str, *, content_type: str) -> StoredFile:
        """Objects, put together in order to one; those that are large enough are copied where they lie. Raises
        NotFound if one is absent."""

    def copy_file(self, source: StoredFile, key: str) -> None: ...

    def delete_files(self, prefix: str) -> int:
        """Deletes every object under the prefix; says how many."""

    def upload_url(
        self, key: str, *, expires_s: int, content_type: str | None = None, size_bytes: int | None = None
    ) -> str:
        """A signed PUT; type and length are signed where given."""

    def download_url(self, key: str, *, expires_s: int, filename: str) -> str:
        """A signed GET that saves under `filename`."""


class Records(Protocol):
    """Tenants' records, their claims and their match keys."""

    def shard_count(self, tenant_id: TenantId, resource: str) -> int:
        """Into how many shards the records of this resource are spread; 16 unless `prepare` said more."""

    def prepare(self, tenant_id: TenantId, resource: str, *, expected_rows: int) -> int:
        """Fixes the shard count with the first record: more for more rows; says what it is."""

    def find_claims(self, tenant_id: TenantId, resource: str, keys: Iterable[str]) -> dict[str, RecordId]:
        """Which record holds each identity key; keys nobody holds are left out. `id:…` keys look up live records.

        After a crash a claim may name a record that is not there or no longer carries the key: whoever matches by it
        looks at the record's own claims.
        """

    def find_matches(self, tenant_id: TenantId, resource: str, keys: Iterable[str]) -> dict[str, tuple[RecordId, ...]]:
        """Which records carry each match key, ordered by id; at most 100 of them."""

    def get_many(self, tenant_id: TenantId, resource: str, ids: Iterable[RecordId]) -> dict[RecordId, Record]:
        """Strongly consistent; tombstones included, absent ones left out."""

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        """Performs each write on its condition, claims first, then the record, then releases what it no longer holds.

        One `Written` per write, in their order. Repeating a write after a crash at any point ends in the same state.
        A claim whose holder is gone, or no longer carries it, is taken over once nobody can be about to write that
        holder, at the latest when it is older than any task can live. Until then: Retryable, with the rest performed.
        """

    def list_records(self, tenant_id: TenantId, resource: str, *, limit: int, cursor: str | None) -> RecordPage:
        """Tombstones left out. Raises Refused `invalid_cursor` for a cursor that is not of this listing."""

    def each_record(self, tenant_id: TenantId, resource: str, shard: int) -> Iterator[Record]:
        """All records of one shard (`shard_of`), lazily, page by page; tombstones included."""


class Machine(Protocol):
    """The state machine that drives async imports."""

    def start(self, import_: Import) -> None:
        """Idempotent by import and attempt."""

    def stop(self, import_: Import, *, cause: str) -> None:
        """Ends the execution if it runs; what its tasks do meanwhile, their own conditions decide."""


class Exports(Protocol):
    """Exports by tenant and id, and by time; and what their tasks report."""

    def add(self, export: Export) -> bool:
        """False if an export of this tenant and id exists already, or did: then nothing changes."""

    def find(self, tenant_id: TenantId, export_id: ExportId) -> Export | None: ...

    def list_page(
        self, tenant_id: TenantId, *, page: int, per_page: int, resources: frozenset[str] | None = None
    ) -> ExportListing:
        """Newest first, also within a second; `page` counts from 1; only exports of `resources` where given. A moment
        behind `add`.
        """

    def change(self, tenant_id: TenantId, export_id: ExportId, change: ExportChange) -> Export | None:
        """The export afterwards; None, and nothing changed, unless the stored status is one of `PREDECESSORS[to]`."""

    def report(self, tenant_id: TenantId, export_id: ExportId, progress: Progress, *, at: int) -> bool:
        """Writes the progress while the stored status is processing; False if it was refused."""

    def rename(self, tenant_id: TenantId, export_id: ExportId, name: str | None, *, by: str, at: int) -> bool:
        """False if there is no such export."""

    def delete(self, tenant_id: TenantId, export_id: ExportId) -> bool:
        """Removes an export that has ended from every list, while its id stays taken; False if it is absent or under
        way.
        """

    def each_owed(self, before: int) -> Iterator[Export]:
        """Exports that ended before this time and are still to be announced, those that have waited longest first.
        `change` writes `announce_due` together with the status.
        """

    def settle(self, export: Export) -> None:
        """It has been told: takes `announce_due` away."""

    def each_due(self, now: int) -> Iterator[tuple[TenantId, ExportId]]:
        """Exports whose `due_at` lies before `now`. Every export is watched from `add` on until it has neither a
        deadline nor files.
        """

    def put_once(self, export_id: ExportId, result: ExportResult) -> bool:
        """False if this task has a result already, which then stands."""

    def find_result(self, export_id: ExportId, stage: ExportStage, task: int) -> ExportResult | None: ...

    def list_results(self, export_id: ExportId, stage: ExportStage) -> list[ExportResult]:
        """Strongly consistent, ordered by task."""


class ExportMachine(Protocol):
    """The state machine that makes exports."""

    def start(self, export: Export) -> None:
        """Idempotent."""

    def stop(self, export: Export, *, cause: str) -> None:
        """Ends the execution if it runs; what its tasks still write, nobody is led to."""


class Schedules(Protocol):
    """Export schedules by tenant and id, and their runs, one for each due time that was fired."""

    def add(self, schedule: Schedule) -> bool:
        """False if a schedule of this tenant and id exists already: then nothing changes."""

    def find(self, tenant_id: TenantId, schedule_id: ScheduleId) -> Schedule | None: ...

    def list_page(self, tenant_id: TenantId, *, page: int, per_page: int) -> ScheduleListing:
        """Newest first; `page` counts from 1. A moment behind `add`."""

    def replace(self, schedule: Schedule) -> bool:
        """False, and nothing changed, unless the stored revision is the one before this one."""

    def delete(self, tenant_id: TenantId, schedule_id: ScheduleId) -> None:
        """Its runs stay, and end by themselves."""

    def each_due(self, now: int) -> Iterator[Schedule]:
        """Schedules whose next due time has come, and those whose `last_run` has not been put yet."""

    def put_run(self, run: ScheduleRun) -> ScheduleRun:
        """The run of this schedule and due time: the given one, or the one that was there. Once for all time in which
        the history remembers it.
        """

    def find_run(self, tenant_id: TenantId, schedule_id: ScheduleId, due_at: int) -> ScheduleRun | None: ...

    def change_run(self, run: ScheduleRun, *, before: RunStatus) -> bool:
        """False, and nothing changed, unless the stored status is `before`."""

    def list_runs(self, tenant_id: TenantId, schedule_id: ScheduleId, *, page: int, per_page: int) -> RunListing:
        """Latest due time first; `page` counts from 1. A moment behind `put_run`."""

    def each_open_run(self, now: int) -> Iterator[ScheduleRun]:
        """Earliest first, of all tenants. Every run is watched from `put_run` on until `change_run` ends it."""


class Slots(Protocol):
    """Which imports of a tenant run, and which wait for one of its `slots`."""

    def take(self, tenant_id: TenantId, import_id: ImportId, *, slots: int) -> bool:
        """Whether the import has a slot now, or had one before; never more than `slots` imports have one at once."""

    def leave(self, tenant_id: TenantId, import_id: ImportId, *, slots: int) -> None:
        """Gives back whatever slot the import has."""

    def list_holders(self, tenant_id: TenantId, *, slots: int) -> list[ImportId]: ...

    def wait(self, tenant_id: TenantId, import_id: ImportId, *, since: int) -> None: ...

    def stop_waiting(self, tenant_id: TenantId, import_id: ImportId, *, since: int) -> None: ...

    def each_waiting(self, tenant_id: TenantId) -> Iterator[tuple[int, ImportId]]:
        """Since when, and which import; who has waited longest comes first."""

    def list_tenants(self) -> list[TenantId]:
        """For whom somebody waits."""


class Keys(Protocol):
    """API keys by the digest of their secret, and by the tenant under which they are listed (`live_tenant_id`)."""

    def add(self, key: ApiKey) -> bool:
        """False if the digest is known."""

    def find(self, digest: str) -> ApiKey | None: ...

    def has_tenant(self, tenant_id: TenantId) -> bool:
        """Whether a key was ever added for this tenant, revoked and expired ones included: then the tenant is known."""

    def find_named(self, tenant_id: TenantId, key_id: str) -> ApiKey | None: ...

    def list_keys(self, tenant_id: TenantId) -> list[ApiKey]:
        """Newest first, those of the test sibling, revoked and expired ones included; strongly consistent."""

    def revoke(self, tenant_id: TenantId, key_id: str, *, at: int) -> ApiKey | None:
        """The key afterwards: revoked, once and for ever, at the time first said. None if there is no such key."""

    def expire(self, tenant_id: TenantId, key_id: str, *, at: int) -> ApiKey | None:
        """The key afterwards; it ends at `at` unless it ends earlier anyway. None if there is no such key."""


class Tokens(Protocol):
    """Access tokens by their digest."""

    def add(self, token: AccessToken) -> bool:
        """False if the digest is known."""

    def find(self, digest: str) -> AccessToken | None:
        """An expired token is found for a while, or not at all: whoever asks looks at its end."""


class Usage(Protocol):
    """How often each key has asked."""

    def count(self, digest: str, quota: Quota, now: int) -> Allowance:
        """Counts one request of a key in the window in which `now` lies. Of each window exactly `quota.requests` are
        let through, however many ask at once; the others are told so and not counted. One write, no read.
        """

    def find_last(self, digest: str, quota: Quota) -> int | None:
        """When the latest window began in which the key has asked; None where it has not, for 90 days at least."""


class Turns(Protocol):
    """Turns by tenant and name, until their `kept_until`."""

    def begin(self, tenant_id: TenantId, turn: Turn, *, now: int) -> Turn:
        """The turn that has the name now: the given one, known by its token, or the one that was there, as
        `Turn.following` decides. Of any number that begin at once exactly one gets it. One write; two where a turn is
        followed that broke off.
        """

    def keep(self, tenant_id: TenantId, turn: Turn, answer: KeptAnswer) -> bool:
        """Whoever begins from now on finds the answer. False, and nothing changed, where the turn has lost its name."""

    def free(self, tenant_id: TenantId, turn: Turn) -> bool:
        """As if the turn had never been. False, and nothing changed, where it has lost its name."""


class Events(Protocol):
    """The event bus."""

    def publish(self, completion: Completion) -> None:
        """Raises Retryable for whatever keeps the bus from taking it."""


class Webhooks(Protocol):
    """Webhooks by tenant."""

    def add(self, webhook: Webhook) -> bool:
        """False if there is one of this id: then nothing changes."""

    def find(self, tenant_id: TenantId, webhook_id: WebhookId) -> Webhook | None: ...

    def list_webhooks(self, tenant_id: TenantId) -> list[Webhook]:
        """Oldest first; strongly consistent."""

    def change(self, tenant_id: TenantId, webhook_id: WebhookId, values: Mapping[str, object]) -> Webhook | None:
        """The webhook afterwards, with these fields changed and the others as they are stored; None if it is gone."""

    def delete(self, tenant_id: TenantId, webhook_id: WebhookId) -> bool:
        """False if there is none."""


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """A slice of the deliveries of a webhook, newest first."""

    deliveries: tuple[Delivery, ...]
    cursor: DeliveryId | None
    """The last of them; None after the last page."""


class Deliveries(Protocol):
    """Deliveries by webhook, and those that are due, of all tenants."""

    def add(self, delivery: Delivery) -> bool:
        """False if there is one of this id: then nothing changes. It disappears 30 days after its creation."""

    def find(self, tenant_id: TenantId, webhook_id: WebhookId, delivery_id: DeliveryId) -> Delivery | None: ...

    def list_page(
        self, tenant_id: TenantId, webhook_id: WebhookId, *, limit: int, after: DeliveryId | None
    ) -> DeliveryPage: ...

    def replace(self, old: Delivery, new: Delivery) -> bool:
        """False, and nothing changed, unless what is stored has the status and the `next_try_at` of `old`: of several
        who want to try it, one gets it.
        """

    def each_due(self, now: int) -> Iterator[Delivery]:
        """Whose `next_try_at` is not after `now`, longest due first; a moment behind `add` and `replace`."""


class Posted(NamedTuple):
    """How a POST to a receiver ended."""

    status_code: int | None = None
    """None where no answer came."""
    error: str | None = None
    response: str = ""
    """The beginning of the answer."""
    duration_ms: int = 0


class Posting(Protocol):
    """The way out to the receivers of webhooks."""

    def post(self, target: Target, headers: Mapping[str, str], body: bytes, *, within_s: float) -> Posted:
        """Never raises for what the receiver does or is; never calls an address that `may_call` forbids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """All of them, as they are handed to operations and tasks."""

    imports: Imports
    results: TaskResults
    files: Files
    records: Records
    machine: Machine
    keys: Keys
    tokens: Tokens
    usage: Usage
    exports: Exports
    export_machine: ExportMachine
    schedules: Schedules
    events: Events
    webhooks: Webhooks
    deliveries: Deliveries
    posting: Posting
    slots: Slots
    turns: Turns
