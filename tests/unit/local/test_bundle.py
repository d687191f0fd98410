import zipfile
from pathlib import Path

import pytest

from local.bundle import build_bundle, unpacked
from local.bundle_check import IncompleteBundle

FILES = {
    "app.py": "x = 1\n",
    "chalicelib/a.py": "y = 2\n",
    "orjson-1.0.dist-info/METADATA": "",
    "phonenumbers/geodata/data.py": "z = 3\n",
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "deployment.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in FILES.items():
            archive.writestr(name, text)
    return path


def built(source: Path, name: str, requirements: str = "orjson==1.0") -> Path:
    target = source.parent / name
    build_bundle(source, target, wheels=source.parent / "kept" / "wheels.zip", requirements=requirements)
    return target


def test_a_bundle_holds_bytecode_and_no_data_that_is_never_read(source: Path) -> None:
    names = zipfile.ZipFile(built(source, "bundle.zip")).namelist()

    assert {"app.py", "chalicelib/a.py", "orjson-1.0.dist-info/METADATA"} <= set(names)
    assert sum(name.endswith(".pyc") for name in names) == 2
    assert [name for name in names if "geodata" in name] == []


def test_equal_code_makes_equal_bytes(source: Path) -> None:
    assert built(source, "one.zip").read_bytes() == built(source, "two.zip").read_bytes()


def test_a_missing_wheel_is_named(source: Path) -> None:
    with pytest.raises(IncompleteBundle, match="pydantic-2"):
        built(source, "bundle.zip", "orjson==1.0\npydantic==2.0")


def test_only_wanted_entries_are_unpacked(source: Path) -> None:
    with unpacked(source, lambda entry: entry == "app.py") as folder:
        assert [path.name for path in folder.iterdir()] == ["app.py"]
