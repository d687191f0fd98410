"""The code of functions is unpacked once, whole or not at all, and old code goes."""

import io
import os
import zipfile
from pathlib import Path

import pytest

from local.function_code import KEPT, unpack_once


def bundle(code: str) -> bytes:
    """The same code is the same bytes: members given as information carry one date, not the time of the call."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("app.py"), code)
        archive.writestr(zipfile.ZipInfo("bootstrap"), "#!/bin/sh\n")
    return packed.getvalue()


def test_the_folder_holds_the_code_and_an_entry_point_that_can_be_run(tmp_path: Path) -> None:
    folder = unpack_once(bundle("print()"), tmp_path / "functions")

    assert (folder / "app.py").read_text() == "print()"
    assert os.access(folder / "bootstrap", os.X_OK)


def test_the_same_code_is_not_unpacked_again(tmp_path: Path) -> None:
    first = unpack_once(bundle("a"), tmp_path)
    (first / "app.py").write_text("seen")

    again = unpack_once(bundle("a"), tmp_path)

    assert (again, (again / "app.py").read_text()) == (first, "seen")
    assert unpack_once(bundle("b"), tmp_path) != first


def test_code_that_cannot_be_unpacked_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(zipfile.BadZipFile):
        unpack_once(b"no zip", tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_the_code_that_was_used_last_is_kept(tmp_path: Path) -> None:
    folders = [unpack_once(bundle(str(number)), tmp_path) for number in range(KEPT)]
    for age, folder in enumerate(reversed(folders)):
        os.utime(folder, (1_000_000 - age, 1_000_000 - age))
    unpack_once(bundle("0"), tmp_path)

    newest = unpack_once(bundle("new"), tmp_path)

    assert set(tmp_path.iterdir()) == {folders[0], newest, *folders[2:]}
