"""Workbooks of all formats, changed at random, are read or refused within seconds, in bounded memory.

`make fuzz` tries 2,000 of them.
"""

import io
import os
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.other_workbooks import ods_cell, ods_parts, ods_table, ods_text, xls, xlsb
from tests.reading_apart import read_apart
from tests.workbooks import packed, parts, styled, workbook

FILES = max(60, 10 * int(os.environ.get("FUZZ", "0")))
PARTS = 2
MOST_MB = 400
REFUSED = {
    *("damaged_workbook", "encrypted_workbook", "expansion_refused", "unreadable_format", "empty_source"),
    *("too_many_rows", "too_many_columns", "too_large", "encoding_uncertain", "unreadable_header"),
}
MOST_S = 20
ROWS: list[list[object]] = [["a", "b", "c"], ["x", 1, 2.5], ["y", 45351, True], ["z", 4, None]] * 3
CELLS = [ods_cell("float", "123", "00123"), ods_cell("date", "2024-02-29", "29.02.2024"), ods_cell("time", "PT1H", "1")]
SHARED = '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row>'
SOUND: dict[str, Callable[[], bytes]] = {
    "xlsx": lambda: workbook({"Cover": [["x"]], "S": ROWS}),
    "shared": lambda: packed(parts(SHARED, ["a", "b"]).items()),
    "styled": lambda: styled('<row><c r="A1" s="1"><v>7</v></c></row>' * 2, ["00000", "yyyy-mm-dd"]),
    "xlsb": lambda: xlsb({"Cover": [["x"]], "S": ROWS}),
    "ods": lambda: packed(ods_parts(ods_table([[ods_text("a"), ods_text("b"), ods_text("c")], CELLS, CELLS]))),
    "xls": lambda: xls({"Cover": [["x"]], "S": ROWS}, {(2, 1): "yyyy-mm-dd"}),
}
DECLARED = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("part", range(PARTS))
def test_mutated_workbooks_are_read_or_refused(part: int, tmp_path: Path) -> None:
    sound = {kind: make() for kind, make in SOUND.items()}
    files = []
    for seed in range(part, FILES, PARTS):
        chance = random.Random(seed)
        files.append(tmp_path / f"{seed}")
        files[-1].write_bytes(_mutant(sound[chance.choice(list(sound))], chance))

    done = read_apart(files, most_mb=MOST_MB, most_s=MOST_S)

    assert len(done.outcomes) == len(files), f"{files[len(done.outcomes)]} was neither read nor refused: {done.errors}"
    assert {one for one in done.outcomes if not one.isdigit()} <= REFUSED
    assert done.peak_mb < MOST_MB


def _mutant(sound: bytes, chance: random.Random) -> bytes:
    """Returns a file that is changed as a whole, or in some of its members, which are packed soundly."""
    if not zipfile.is_zipfile(io.BytesIO(sound)) or chance.random() < 0.15:
        return _changed(sound, chance)
    with zipfile.ZipFile(io.BytesIO(sound)) as archive:
        entries = {one.filename: archive.read(one) for one in archive.infolist()}
    for _ in range(chance.choice([1, 1, 2, 4])):
        name, other = chance.choice(list(entries)), chance.choice(list(entries))
        change = chance.randrange(8)
        if change == 0:
            entries[name], entries[other] = entries[other], entries[name]
        elif change == 1:
            entries[name + "2"] = entries[other]
        elif change == 2 and len(entries) > 1:
            del entries[name]
        else:
            entries[name] = _changed(entries[name], chance)
    return packed(entries.items())


def _changed(content: bytes, chance: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(chance.choice([1, 2, 5, 20])):
        at = chance.randrange(len(data) + 1)
        end = at + chance.randrange(1, 200)
        data[at:end] = _instead(bytes(data[at:end]), chance)
    return bytes(data[: 24 << 20])


def _instead(old: bytes, chance: random.Random) -> bytes:
    """Returns what stands in the place of some bytes: fewer, others, many times the same, or many times a tag."""
    first = max(0, old.find(b"<"))
    tag = old[first : old.find(b">", first) + 1]
    number = chance.choice([b"\xff\xff\xff\x7f", b"\xf0\xff\xff\xff", b"999999999", b"XFD1048576", bytes(4)])
    many = chance.choice([b"<c/>", b"<row/>", b"<si/>", b"<xf/>", b"<table:table-row/>"]) * 50_000
    other = bytes(chance.randrange(256) if chance.random() < 0.05 else byte for byte in old)
    repeated = old * chance.choice([2, 1_000, 20_000])
    tags = old + tag * chance.choice([10, 100_000])
    return chance.choice([b"", repeated, tags, DECLARED + old, number + old[4:], old + many, other, other])
