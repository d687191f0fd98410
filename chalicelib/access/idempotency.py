"""A request under an idempotency key: which request may work, and what becomes of its response.

    acquire → a record of one's own     → the work is done → complete: the response is stored, or the key is released
            → a stored response         → it is replayed
            → Conflict, Refused         → another request is at work under the key; the key belongs to another request

Every success is stored, and every other response below 500 that was given after work had begun, that is, after an
operation had called `begin_work`. That costs one conditional write before the work and one after it.
"""

import logging
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import count

from chalicelib.access.context import Caller, Context
from chalicelib.errors import Conflict, Fatal, NotFound, Refused, Retryable
from chalicelib.model.idempotency import IdempotencyRecord, StoredResponse
from chalicelib.model.ids import NewId, derived_id
from chalicelib.model.object_keys import stored_response_key

logger = logging.getLogger(__name__)

PARAM = "Idempotency-Key"
ASK_AGAIN_S = 1
"""What Retry-After says while another request is at work."""
SKEW_S = 2
"""How much longer a lease lasts than its process can live: clocks differ, and seconds are whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotentRequest:
    """A request, as far as its idempotency key is concerned."""

    key: str
    endpoint: str
    """Method and path pattern; each endpoint has idempotency keys of its own."""
    fingerprint: str
    """Digest of everything that a repeat must have in common."""
    remaining_s: int
    """How long this process may still live."""


class RequestProgress:
    """Remembers whether an operation has begun to change something."""

    def __init__(self) -> None:
        self.has_started = False

    def mark_started(self) -> None:
        """Notes that the first change is about to be made."""
        self.has_started = True


def checked_key(key: str, context: Context) -> str:
    """Returns the key without space around it. Raises Refused for a key that is empty or too long."""
    limit = context.limits.idempotency_key_characters
    if not 1 <= len(key.strip()) <= limit:
        raise Refused("invalid_parameter", f"{PARAM} must have 1 to {limit} characters.", param=PARAM)
    return key.strip()


def acquire(context: Context, caller: Caller, asked: IdempotentRequest) -> IdempotencyRecord | StoredResponse:
    """Returns a record of the request's own, or the response to replay.

    Raises Refused `idempotency_key_reused`, or Conflict `idempotency_key_in_use` while another request is at work.
    """
    now, token = context.clock(), context.new_id("idem")
    record = IdempotencyRecord(
        name=sha256(f"{asked.endpoint}\n{asked.key}".encode(errors="surrogatepass")).hexdigest(),
        fingerprint=asked.fingerprint,
        token=token,
        seed=token,
        lease_ends_at=now + asked.remaining_s + SKEW_S,
        expires_at=now + context.limits.idempotency_s,
    )
    found = context.stores.idempotency_records.acquire(caller.tenant_id, record, now=now)
    if found.token == token:
        return found
    if found.fingerprint != record.fingerprint:
        message = f"This {PARAM} was used for another request: path, parameters and body must be the same."
        raise Refused("idempotency_key_reused", message, param=PARAM)
    if found.response is None:
        message = f"A request with this {PARAM} is still at work. Ask again for its answer."
        raise Conflict("idempotency_key_in_use", message, param=PARAM, retry_after_s=ASK_AGAIN_S)
    return found.response


def context_of_request(context: Context, record: IdempotencyRecord, progress: RequestProgress) -> Context:
    """Returns the context for the operations of a request: `progress` notes when they begin to change something, and
    the ids they make are the same for every repeat that has to do the work again.
    """
    return replace(context, new_id=_ids(record.seed), begin_work=progress.mark_started)


def complete(context: Context, caller: Caller, record: IdempotencyRecord, response: StoredResponse | None) -> None:
    """Stores the response; None releases the key. Errors of the store are logged, not raised: the caller still gets the
    response, and a repeat takes over when the lease has ended.
    """
    records = context.stores.idempotency_records
    try:
        if response is None:
            records.release(caller.tenant_id, record)
        elif not records.complete(caller.tenant_id, record, _with_short_body(context, caller, record, response)):
            logger.warning("request %s lost its idempotency key before its response was stored", record.token)
    except Retryable:
        logger.warning("the response of request %s could not be stored", record.token, exc_info=True)


def read_content(context: Context, response: StoredResponse) -> bytes:
    """Returns the body of a stored response, from its file if it is there. Raises Fatal if the file is gone."""
    if response.content is not None:
        return response.content
    try:
        return context.stores.files.read_file(response.file_key)
    except NotFound as error:
        raise Fatal(f"the stored response {response.file_key} is gone") from error


def _with_short_body(
    context: Context, caller: Caller, record: IdempotencyRecord, response: StoredResponse
) -> StoredResponse:
    """Moves the body into a file where it is too large for an item."""
    if response.content is None or len(response.content) <= context.limits.idempotency_inline_bytes:
        return response
    key = stored_response_key(caller.tenant_id, record.token)
    context.stores.files.write_file(key, response.content)
    return replace(response, content=None, file_key=key)


def _ids(seed: str) -> NewId:
    numbers = count(1)
    return lambda prefix: derived_id(prefix, seed, next(numbers))
