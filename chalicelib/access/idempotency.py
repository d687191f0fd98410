"""A request under an idempotency key: whose turn it is, and what becomes of its answer.

    begin → a turn of one's own      → the work is done → end: the answer is kept, or the key is free again
          → an answer                → it is replayed
          → Conflict, Refused        → somebody is at work under the key; the key belongs to another request

Kept is every success, and every other answer below 500 that was given after work had begun, that is, after an operation
had called `begin_work`. One conditional write before the work, one after it.
"""

import logging
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import count

from chalicelib.access.context import Caller, Context
from chalicelib.errors import Conflict, Fatal, NotFound, Refused, Retryable
from chalicelib.model.idempotency import IdempotencyRecord, StoredResponse
from chalicelib.model.ids import NewId, derived_id
from chalicelib.model.object_keys import replay_key

logger = logging.getLogger(__name__)

PARAM = "Idempotency-Key"
ASK_AGAIN_S = 1
SKEW_S = 2
"""Clocks differ, and seconds are whole: a turn ends so much after its process is surely dead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotentRequest:
    """A request, as far as its idempotency key is concerned."""

    key: str
    endpoint: str
    """Each has idempotency keys of its own."""
    fingerprint: str
    remaining_s: int
    """How long this process may still live."""


class RequestProgress:
    """Remembers whether an operation has begun to change something."""

    def __init__(self) -> None:
        self.has_begun = False

    def begin(self) -> None:
        self.has_begun = True


def checked_key(key: str, context: Context) -> str:
    """Raises Refused for an idempotency key that is empty or too long."""
    limit = context.limits.idempotency_key_characters
    if not 1 <= len(key.strip()) <= limit:
        raise Refused("invalid_parameter", f"{PARAM} must have 1 to {limit} characters.", param=PARAM)
    return key.strip()


def acquire(context: Context, caller: Caller, asked: IdempotentRequest) -> IdempotencyRecord | StoredResponse:
    """A turn of one's own, or the answer to replay.

    Raises Refused `idempotency_key_reused`, or Conflict `idempotency_key_in_use` while another request is at work.
    """
    now, token = context.clock(), context.new_id("turn")
    turn = IdempotencyRecord(
        name=sha256(f"{asked.endpoint}\n{asked.key}".encode(errors="surrogatepass")).hexdigest(),
        fingerprint=asked.fingerprint,
        token=token,
        seed=token,
        ends_at=now + asked.remaining_s + SKEW_S,
        kept_until=now + context.limits.idempotency_s,
    )
    found = context.stores.idempotency_records.begin(caller.tenant_id, turn, now=now)
    if found.token == token:
        return found
    if found.fingerprint != turn.fingerprint:
        message = f"This {PARAM} was used for another request: path, parameters and body must be the same."
        raise Refused("idempotency_key_reused", message, param=PARAM)
    if found.answer is None:
        message = f"A request with this {PARAM} is still at work. Ask again for its answer."
        raise Conflict("idempotency_key_in_use", message, param=PARAM, retry_after_s=ASK_AGAIN_S)
    return found.answer


def context_of_request(context: Context, turn: IdempotencyRecord, work: RequestProgress) -> Context:
    """What the operations of a turn are given: `work` hears of their work, and their ids are the same at every try."""
    return replace(context, new_id=_ids(turn.seed), begin_work=work.begin)


def complete(context: Context, caller: Caller, turn: IdempotencyRecord, answer: StoredResponse | None) -> None:
    """Keeps the answer; None frees the key. A store that fails now does not take the answer from who waits for it:
    whoever asks again once the turn has ended follows it.
    """
    try:
        if answer is None:
            context.stores.idempotency_records.free(caller.tenant_id, turn)
        elif not context.stores.idempotency_records.keep(
            caller.tenant_id, turn, _fitted(context, caller, turn, answer)
        ):
            logger.warning("turn %s had lost its idempotency key when its answer was to be kept", turn.token)
    except Retryable:
        logger.warning("turn %s could not be ended", turn.token, exc_info=True)


def read_content(context: Context, answer: StoredResponse) -> bytes:
    if answer.content is not None:
        return answer.content
    try:
        return context.stores.files.read_file(answer.file_key)
    except NotFound as error:
        raise Fatal(f"the kept answer {answer.file_key} is gone") from error


def _fitted(context: Context, caller: Caller, turn: IdempotencyRecord, answer: StoredResponse) -> StoredResponse:
    """With its body in a file where it is too large for an item."""
    if answer.content is None or len(answer.content) <= context.limits.idempotency_inline_bytes:
        return answer
    key = replay_key(caller.tenant_id, turn.token)
    context.stores.files.write_file(key, answer.content)
    return replace(answer, content=None, file_key=key)


def _ids(seed: str) -> NewId:
    numbers = count(1)
    return lambda prefix: derived_id(prefix, seed, next(numbers))
