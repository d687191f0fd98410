"""The zip of a bundle: the code and the wheels, with bytecode where an interpreter can make it."""

import sys
import zipfile
from pathlib import Path

import pytest

from local.bundle import build_bundle


def zipped(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text)  # of one date, whatever the clock says
    return path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """What Chalice has packaged; the wheels lie next to it."""
    zipped(tmp_path / "wheels.zip", {"orjson/__init__.py": ""})
    return zipped(tmp_path / "deployment.zip", {"app.py": "x = 1\n", "chalicelib/a.py": "y = 2\n"})


def built(source: Path, name: str, compiler: Path | None) -> Path:
    target = source.parent / name
    build_bundle(source, target, wheels=source.parent / "wheels.zip", compiler=compiler)
    return target


def test_a_bundle_holds_code_wheels_and_bytecode(source: Path) -> None:
    names = zipfile.ZipFile(built(source, "bundle.zip", Path(sys.executable))).namelist()

    assert {"app.py", "chalicelib/a.py", "orjson/__init__.py"} <= set(names)
    assert sum(name.endswith(".pyc") for name in names) == 2


def test_without_an_interpreter_of_its_release_a_bundle_is_source_alone(source: Path) -> None:
    names = zipfile.ZipFile(built(source, "bundle.zip", None)).namelist()

    assert sorted(names) == ["app.py", "chalicelib/a.py", "orjson/__init__.py"]


def test_equal_code_makes_equal_bytes(source: Path) -> None:
    one, two = (built(source, name, Path(sys.executable)) for name in ("one.zip", "two.zip"))

    assert one.read_bytes() == two.read_bytes()
