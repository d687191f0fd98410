"""Waves hold writes that do not touch each other, in their order, and no more than fit in memory."""

import pytest

from chalicelib.model.ids import RecordId
from chalicelib.model.records import Record, Write
from chalicelib.stores.dynamodb.record_writes import WAVE, each_wave
from tests.contract.stores.builders import a_write


def sizes(*writes: Write) -> list[int]:
    return [len(wave) for wave in each_wave(writes)]


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, []), (1, [1]), (WAVE, [WAVE]), (WAVE + 1, [WAVE, 1]), (2 * WAVE, [WAVE, WAVE])],
)
def test_writes_of_different_records_share_waves_of_a_bounded_size(number: int, expected: list[int]) -> None:
    assert sizes(*(a_write(f"con_{one}", row=one, claims=(f"e:{one}",)) for one in range(number))) == expected


def test_what_touches_a_record_or_a_claim_of_the_wave_begins_the_next() -> None:
    holder = Record(RecordId("con_4"), {}, version=1, created_at=1, updated_at=1, claims=("e:2",))
    writes = [
        a_write("con_1", row=1, claims=("e:1",)),
        a_write("con_1", row=2),
        a_write("con_2", row=3, claims=("e:2",)),
        a_write("con_3", row=4, claims=("e:2",)),
        a_write("con_4", row=5, before=holder),
    ]

    assert sizes(*writes) == [1, 2, 1, 1]
    assert [one for wave in each_wave(writes) for one in wave] == writes
