"""Limits that must fit into each other, or into what AWS allows."""

from chalicelib.model.limits import DEFAULT_LIMITS, KB, MB


def test_a_record_fits_into_an_item_of_dynamodb() -> None:
    assert DEFAULT_LIMITS.record_bytes < 400 * KB
    assert DEFAULT_LIMITS.idempotency_inline_bytes < 400 * KB


def test_a_request_can_hold_what_may_be_sent_inline() -> None:
    assert DEFAULT_LIMITS.inline_upload_bytes * 4 / 3 <= 6 * MB


def test_a_task_reads_more_than_one_row() -> None:
    assert DEFAULT_LIMITS.row_bytes < DEFAULT_LIMITS.batch_bytes
