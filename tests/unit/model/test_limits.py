"""Limits that must fit into each other, or into what AWS allows."""

from chalicelib.model.limits import DEFAULT_LIMITS, GB, KB, MB


def test_a_record_fits_into_an_item_of_dynamodb() -> None:
    assert DEFAULT_LIMITS.record_bytes < 400 * KB
    assert DEFAULT_LIMITS.idempotency_inline_bytes < 400 * KB


def test_a_request_can_hold_what_may_be_sent_inline() -> None:
    assert DEFAULT_LIMITS.inline_upload_bytes * 4 / 3 <= 6 * MB


def test_a_task_reads_more_than_one_row() -> None:
    assert DEFAULT_LIMITS.row_bytes < DEFAULT_LIMITS.batch_bytes


def test_the_largest_upload_has_no_more_parts_than_s3_takes() -> None:
    assert DEFAULT_LIMITS.parts_upload_bytes / DEFAULT_LIMITS.upload_part_bytes <= 10_000
    assert 5 * MB <= DEFAULT_LIMITS.upload_part_bytes <= 5 * GB


def test_every_source_that_may_be_sent_can_be_read() -> None:
    splits = DEFAULT_LIMITS.parts_upload_bytes / DEFAULT_LIMITS.split_bytes

    assert splits <= DEFAULT_LIMITS.tasks
