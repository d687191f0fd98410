"""An idempotency key belongs to one request, whose response is stored for its repeats."""

from dataclasses import replace

import pytest

from chalicelib.access.idempotency import (
    SKEW_S,
    IdempotentRequest,
    RequestProgress,
    acquire,
    checked_key,
    complete,
    context_of_request,
    read_content,
)
from chalicelib.errors import Conflict, Fatal, Refused
from chalicelib.model.idempotency import IdempotencyRecord, StoredResponse
from chalicelib.model.limits import Limits
from tests.world import OURS, THEIRS, World

ASKED = IdempotentRequest(key="k", endpoint="POST /x", fingerprint="same", remaining_s=30)


def acquired(world: World, asked: IdempotentRequest = ASKED) -> IdempotencyRecord:
    found = acquire(world.context, world.caller(), asked)
    assert isinstance(found, IdempotencyRecord)
    return found


def a_response(content: bytes) -> StoredResponse:
    return StoredResponse(status=201, content=content)


def test_a_key_is_taken_without_the_space_around_it() -> None:
    assert checked_key(" k ", World().context) == "k"


@pytest.mark.parametrize("key", ["", "   ", "x" * 10_000])
def test_an_empty_or_endless_key_is_refused(key: str) -> None:
    with pytest.raises(Refused) as refusal:
        checked_key(key, World().context)

    assert (refusal.value.code, refusal.value.param) == ("invalid_parameter", "Idempotency-Key")


def test_the_first_request_gets_a_record_that_outlives_its_process() -> None:
    world = World()

    assert acquired(world).lease_ends_at == world.now + ASKED.remaining_s + SKEW_S


def test_a_repeat_gets_the_stored_response() -> None:
    world = World()
    complete(world.context, world.caller(), acquired(world), a_response(b"made"))

    assert acquire(world.context, world.caller(), ASKED) == a_response(b"made")


def test_a_repeat_waits_while_the_first_request_is_at_work() -> None:
    world = World()
    acquired(world)

    with pytest.raises(Conflict) as conflict:
        acquired(world)

    assert conflict.value.code == "idempotency_key_in_use"


def test_another_request_may_not_use_the_key() -> None:
    world = World()
    acquired(world)

    with pytest.raises(Refused) as refusal:
        acquired(world, replace(ASKED, fingerprint="other"))

    assert refusal.value.code == "idempotency_key_reused"


def test_endpoints_and_tenants_have_keys_of_their_own() -> None:
    world = World()
    first = acquired(world)

    second = acquired(world, replace(ASKED, endpoint="POST /y"))
    third = acquire(world.context, world.caller(THEIRS), ASKED)

    assert isinstance(third, IdempotencyRecord)
    assert len({first.token, second.token, third.token}) == 3


def test_a_key_that_is_released_is_free_again() -> None:
    world = World()
    first = acquired(world)

    complete(world.context, world.caller(), first, None)

    assert acquired(world).token != first.token


def test_a_large_body_is_stored_in_a_file() -> None:
    world = World(Limits(idempotency_inline_bytes=10))
    complete(world.context, world.caller(), acquired(world), a_response(b"x" * 11))

    stored = acquire(world.context, world.caller(), ASKED)

    assert isinstance(stored, StoredResponse)
    assert stored.content is None
    assert read_content(world.context, stored) == b"x" * 11
    world.stores.files.delete_files(f"results/{OURS}/")
    with pytest.raises(Fatal):
        read_content(world.context, stored)


def test_work_that_is_done_again_makes_the_same_ids() -> None:
    world = World()
    record, progress = acquired(world), RequestProgress()

    first, second = (context_of_request(world.context, record, progress) for _ in range(2))

    assert [first.new_id("imp"), first.new_id("imp")] == [second.new_id("imp"), second.new_id("imp")]
    assert not progress.has_started
    first.begin_work()
    assert progress.has_started
