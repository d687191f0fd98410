"""XLS: what small records would make of themselves is charged, and chains of sectors that never end are refused."""

import io
import struct

import pytest
from xlwt.CompoundDoc import XlsDoc

from chalicelib.errors import Refused
from chalicelib.formats.workbooks.held_memory import HeldMemory
from chalicelib.formats.workbooks.xls_stream import charge_globals, charge_sheet, records_of
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from tests.other_workbooks import xls
from tests.reading import given, refusal_of, rows_of

SMALL = Limits(workbook_expanded_bytes=1_000_000)
BEGIN, END = (0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)), (0x0A, b"")


def stream_of(*records: tuple[int, bytes]) -> bytes:
    return b"".join(struct.pack("<HH", kind, len(content)) + content for kind, content in (BEGIN, *records, END))


def held() -> HeldMemory:
    return HeldMemory(10_000, SMALL)


def text(characters: int, phonetics: int) -> bytes:
    return struct.pack("<HBi", characters, 4, phonetics) + b"a" * characters


@pytest.mark.parametrize(
    "records",
    [
        pytest.param([(0xE0, bytes(20))] * 1_000, id="styles"),
        pytest.param([(0x31, bytes(20))] * 1_000, id="fonts"),
        pytest.param([(0x18, bytes(20))] * 1_000, id="names"),
        pytest.param([(0xFC, struct.pack("<II", 20_000, 20_000) + bytes(3 * 20_000))], id="many_texts"),
        pytest.param([(0xFC, struct.pack("<II", 1, 1) + struct.pack("<HBH", 0, 8, 9_000) + bytes(36_000))], id="runs"),
    ],
)
def test_what_stands_before_the_sheets_is_charged(records: list[tuple[int, bytes]]) -> None:
    with pytest.raises(Refused) as refusal:
        charge_globals(stream_of(*records), held())

    assert refusal.value.code == "expansion_refused"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(struct.pack("<II", 2_000_000_000, 2_000_000_000) + text(4_000, -4_007), id="read_again_and_again"),
        pytest.param(struct.pack("<II", 2_000_000_000, 2_000_000_000) + text(1, 0), id="more_than_there_are"),
    ],
)
def test_texts_whose_sizes_lie_are_damage(content: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        charge_globals(stream_of((0xFC, content)), held())

    assert refusal.value.code == "damaged_workbook"


@pytest.mark.parametrize(
    "record",
    [
        pytest.param((0xE5, struct.pack("<H", 1_000) + bytes(8_000)), id="merged_cells"),
        pytest.param((0xBE, bytes(4 + 512 + 2)), id="blanks"),
    ],
)
def test_what_a_sheet_keeps_is_charged(record: tuple[int, bytes]) -> None:
    with pytest.raises(Refused) as refusal:
        charge_sheet(stream_of(*[record] * 100), 0, held())

    assert refusal.value.code == "expansion_refused"


def test_texts_that_go_on_in_another_record_are_read() -> None:
    rows = [["a", "b"], *([f"{number} " + "é中"[number % 2] * 300, "x"] for number in range(200))]

    assert given(rows_of(xls({"S": rows}))) == rows[1:]


def test_the_records_are_those_of_the_compound_file() -> None:
    content = xls({"S": [["a"]]})

    assert records_of(content)[:2] == b"\x09\x08"
    assert records_of(records_of(content)) == records_of(content)


def test_a_chain_of_sectors_without_an_end_is_damage() -> None:
    buffer = io.BytesIO()
    XlsDoc().save(buffer, stream_of())
    content = bytearray(buffer.getvalue())
    table = 512 * (struct.unpack_from("<i", content, 76)[0] + 1)
    directory = struct.unpack_from("<i", content, 48)[0]
    stream = struct.unpack_from("<i", content, 512 * (directory + 1) + 128 + 116)[0]
    struct.pack_into("<i", content, table + 4 * stream, stream)

    assert refusal_of(bytes(content), limits=DEFAULT_LIMITS).code == "damaged_workbook"


@pytest.mark.parametrize("chain", [[0], [1, 0]], ids=["itself", "each other"])
def test_a_chain_of_short_sectors_without_an_end_is_damage(chain: list[int]) -> None:
    buffer = io.BytesIO()
    XlsDoc().save(buffer, struct.pack(f"<{len(chain)}i", *chain).ljust(512, b"\xff") + bytes(4_096))
    content = bytearray(buffer.getvalue())
    root = 512 * (struct.unpack_from("<i", content, 48)[0] + 1)
    stream = struct.unpack_from("<i", content, root + 128 + 116)[0]
    struct.pack_into("<ii", content, 60, stream, 1)  # the table of short sectors: the first sector of the stream
    struct.pack_into("<i", content, 512 * (struct.unpack_from("<i", content, 76)[0] + 1) + 4 * stream, -2)
    struct.pack_into("<ii", content, root + 116, stream + 1, 4_096)  # the short sectors: all others of the stream
    struct.pack_into("<ii", content, root + 128 + 116, 0, 1_000)  # the stream: so short that it lies in them

    refusal = refusal_of(bytes(content), limits=DEFAULT_LIMITS)

    assert refusal.details["detail"] == "one of its streams comes back to its beginning"
