"""Damaged workbooks and archives are read or refused; nothing else ever comes out, and nothing hangs."""

import io
import random
import zipfile
from collections.abc import Callable

import pytest

from chalicelib.errors import Refused
from chalicelib.model.limits import Limits
from tests.other_workbooks import ods, ods_cell, ods_table, ods_text, xls, xlsb
from tests.reading import rows_of
from tests.workbooks import packed, workbook

MUTANTS = 300
LIMITS = Limits(workbook_expanded_bytes=32 << 20)
ROWS: list[list[object]] = [["a", "b", "c"], ["x", 1, 2.5], ["y", 45351, True], ["z", 4, None]] * 3
CELLS = [ods_cell("float", "123", "00123"), ods_cell("date", "2024-02-29", "29.02.2024"), ods_cell("time", "PT1H", "1")]
SOUND: dict[str, Callable[[], bytes]] = {
    "xls": lambda: xls({"Cover": [["x"]], "S": ROWS}, {(2, 1): "yyyy-mm-dd"}),
    "xlsb": lambda: xlsb({"Cover": [["x"]], "S": ROWS}),
    "xlsx": lambda: workbook({"Cover": [["x"]], "S": ROWS}),
    "ods": lambda: ods(ods_table([[ods_text("a"), ods_text("b"), ods_text("c")], CELLS, CELLS])),
    "zip": lambda: packed([("a.csv", b"a,b\n1,2\n" * 50)]),
}


@pytest.mark.parametrize("kind", SOUND)
def test_damage_is_refused_or_survived(kind: str) -> None:
    sound = SOUND[kind]()
    outcomes = {_outcome(_mutant(sound, random.Random(seed))) for seed in range(MUTANTS)}

    assert {"read", "damaged_workbook"} <= outcomes


def _outcome(content: bytes) -> str:
    try:
        rows_of(content, limits=LIMITS)
    except Refused as refusal:
        return refusal.code
    return "read"


def _mutant(sound: bytes, chance: random.Random) -> bytes:
    """Damaged as a whole, or in one of its parts, packed soundly."""
    if not zipfile.is_zipfile(io.BytesIO(sound)) or chance.random() < 0.3:
        return _damaged(sound, chance)
    with zipfile.ZipFile(io.BytesIO(sound)) as archive:
        entries = {one.filename: archive.read(one) for one in archive.infolist()}
    name = chance.choice(list(entries))
    entries[name] = _damaged(entries[name], chance)
    return packed(entries.items())


def _damaged(content: bytes, chance: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(chance.choice([1, 2, 5, 20])):
        at = chance.randrange(len(data) + 1)
        end = at + chance.randrange(1, 100)
        replacement = chance.choice([b"", data[at:end] * 2, b"\xff\xff\xff\x7f", bytes(4), chance.randbytes(1)])
        data[at : end if len(replacement) != 1 else at + 1] = replacement
    return bytes(data)
