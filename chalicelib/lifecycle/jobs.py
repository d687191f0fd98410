"""What imports and exports do alike: they are found, listed, renamed, canceled and deleted, and change their status.

Both are called jobs here. A `JobLifecycle` knows in what they differ: store, files, refusals. There are two of them, in
`imports/lifecycle.py` and `exports/lifecycle.py`. A job of another tenant is not found.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from chalicelib.access.context import Caller, Context
from chalicelib.access.validation import checked_name
from chalicelib.errors import Conflict, NotFound, Retryable
from chalicelib.model.ids import TenantId
from chalicelib.model.status_changes import ExportChange, ImportChange
from chalicelib.stores.interfaces import Stores
from chalicelib.stores.interfaces.jobs import Executions, IdT, JobStore, JobT
from chalicelib.webhooks.outbox import publish_now

ChangeT = TypeVar("ChangeT", ImportChange, ExportChange)

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class JobLifecycle(Generic[JobT, IdT, ChangeT]):
    """The operations on jobs of one type, given in what the types differ."""

    noun: str
    """What messages call the job: import or export."""
    store: Callable[[Stores], JobStore[JobT, IdT, ChangeT]]
    executions: Callable[[Stores], Executions[JobT]]
    id_of: Callable[[JobT], IdT]
    folders_of: Callable[[TenantId, IdT], tuple[str, ...]]
    """The prefixes of all files of a job."""
    with_progress: Callable[[Stores, JobT, int], JobT]
    """Returns the job with its progress as it is now, in epoch seconds; may read more from the stores."""
    not_found: Callable[[str], NotFound]
    """Makes the refusal of this name from its message, as the next two do."""
    already_ended: Callable[[str], Conflict]
    not_ended: Callable[[str], Conflict]

    def check_id(self, text: str) -> str:
        """Returns the text if it can be an id. Raises NotFound otherwise, before any store is asked."""
        if not _ID.fullmatch(text):
            raise self._not_found(text)
        return text

    def get(self, context: Context, caller: Caller, job_id: IdT) -> JobT:
        """Returns the job with its progress so far. Raises NotFound."""
        job = self.store(context.stores).find(caller.tenant_id, job_id)
        if job is None:
            raise self._not_found(job_id)
        return self.with_progress(context.stores, job, context.clock())

    def rename(self, context: Context, caller: Caller, job_id: IdT, name: str | None) -> JobT:
        """Gives the job another name, or none for None. Raises Refused `invalid_parameter`, NotFound."""
        checked_name(name)
        context.begin_work()
        self.store(context.stores).rename(caller.tenant_id, job_id, name, by=caller.key_id, at=context.clock())
        return self.get(context, caller, job_id)

    def cancel(self, context: Context, caller: Caller, job_id: IdT, change: ChangeT) -> JobT:
        """Makes the change that cancels a job. Asking again changes nothing. Raises Conflict if the job has ended in
        another way, NotFound.
        """
        context.begin_work()
        changed = self.store(context.stores).change(caller.tenant_id, job_id, change)
        job = changed or self.get(context, caller, job_id)
        if job.is_final and job.status != change.to:
            raise self.already_ended(f"The {self.noun} has ended already: {job.status.value}.")
        return job

    def delete(self, context: Context, caller: Caller, job_id: IdT) -> bool:
        """Removes the job and its files; the files first, so that a deletion that broke off can be repeated. Returns
        False if the job was gone, or under way again, when its turn came.

        Raises Conflict for a job that has not ended, and Retryable while its last event cannot be published: without
        the job it could not be published later.
        """
        job = self.get(context, caller, job_id)
        if not job.is_final:
            raise self.not_ended(f"The {self.noun} is still {job.status.value}; cancel it first.")
        if not publish_now(context.stores, job):
            raise Retryable(f"the end of the {self.noun} is still to be announced")
        self.delete_files(context.stores, job)
        return self.store(context.stores).delete(caller.tenant_id, job_id)

    def delete_files(self, stores: Stores, job: JobT) -> None:
        """Deletes every file of the job."""
        for folder in self.folders_of(job.tenant_id, self.id_of(job)):
            stores.files.delete_files(folder)

    def change_status(self, stores: Stores, job: JobT, change: ChangeT) -> JobT | None:
        """Changes the status, publishes the event if it is a final one, and returns the job afterwards. Returns None,
        and changes nothing, if the stored status does not allow the change.
        """
        changed = self.store(stores).change(job.tenant_id, self.id_of(job), change)
        if changed is not None:
            publish_now(stores, changed)
        return changed

    def _not_found(self, text: str) -> NotFound:
        return self.not_found(f"There is no {self.noun} {text[:64]!r}.")
