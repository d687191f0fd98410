"""Records of XLSB, and the values in them."""

import struct

import pytest

from chalicelib.errors import Refused
from chalicelib.formats.workbooks.binary_records import each_record, real, short_number, wide_text

CONTENT = b"\x00\x03abc" + b"\x9d\x01\x00" + b"\x07\x80\x01" + b"x" * 128
"""Kind 0 with three bytes, kind 157 without any, kind 7 with 128."""


@pytest.mark.parametrize("size", [1, 2, 7, 1_000])
def test_records_may_be_cut_anywhere(size: int) -> None:
    blocks = [CONTENT[at : at + size] for at in range(0, len(CONTENT), size)]

    assert list(each_record(blocks)) == [(0, b"abc"), (157, b""), (7, b"x" * 128)]


@pytest.mark.parametrize("content", [b"\x00\x03ab", b"\x07", b"\x07\x80"])
def test_a_record_that_is_cut_off_is_damage(content: bytes) -> None:
    with pytest.raises(Refused, match="damaged_workbook"):
        list(each_record([content]))


def test_a_record_that_is_too_large_is_damage() -> None:
    with pytest.raises(Refused, match="one of its records is too large"):
        list(each_record([b"\x07\xff\xff\xff\x7f", *[bytes(1 << 20)] * 9]))


def test_a_text_states_its_length() -> None:
    record = b"--" + (2).to_bytes(4, "little") + "é€".encode("utf-16-le") + b"rest"

    assert wide_text(record, 2) == ("é€", 10)
    assert wide_text(b"\xff\xff\xff\xff", 0) == ("", 4)
    with pytest.raises(Refused, match="damaged_workbook"):
        wide_text(record[:8], 2)


def test_a_real_number_has_eight_bytes() -> None:
    assert real(b"-" + struct.pack("<d", 2.5), 1) == 2.5
    with pytest.raises(Refused, match="damaged_workbook"):
        real(bytes(7), 0)


@pytest.mark.parametrize(
    ("bits", "number"),
    [(7 << 2 | 2, 7.0), (-7 << 2 | 2, -7.0), (250 << 2 | 3, 2.5), (0x3FF00000, 1.0), (0x3FF00001, 0.01)],
)
def test_a_short_number_has_four_bytes(bits: int, number: float) -> None:
    assert short_number(struct.pack("<i", bits), 0) == number
