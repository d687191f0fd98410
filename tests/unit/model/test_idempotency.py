"""Which of two requests under one idempotency key has it."""

from dataclasses import replace

import pytest

from chalicelib.model.idempotency import IdempotencyRecord, StoredResponse

NOW = 100
MINE = IdempotencyRecord(name="n", fingerprint="f", token="mine", seed="mine", lease_ends_at=130, expires_at=900)
ANSWERED = StoredResponse(status=201)
FOUND = replace(MINE, token="found", seed="found")


@pytest.mark.parametrize(
    ("found", "token", "seed"),
    [
        pytest.param(None, "mine", "mine", id="the first"),
        pytest.param(FOUND, "found", "found", id="at work"),
        pytest.param(replace(FOUND, response=ANSWERED, lease_ends_at=50), "found", "found", id="answered"),
        pytest.param(replace(FOUND, expires_at=NOW), "mine", "mine", id="expired"),
        pytest.param(replace(FOUND, lease_ends_at=NOW), "mine", "found", id="dead: its ids are inherited"),
        pytest.param(replace(FOUND, lease_ends_at=NOW, fingerprint="g"), "found", "found", id="dead, another request"),
    ],
)
def test_the_key_has_one_holder(found: IdempotencyRecord | None, token: str, seed: str) -> None:
    holder = MINE.holder(found, NOW)

    assert (holder.token, holder.seed) == (token, seed)
