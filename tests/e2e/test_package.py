"""The package as it goes to AWS: opened, read, imported from."""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from local.bundle import unpacked
from local.bundle_check import check_import
from local.package import Package, make_package
from local.paths import EMULATOR_PYTHON
from local.wheels import UNREAD

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def package() -> Package:
    return make_package("local")


def test_the_bundle_imports_by_itself(package: Package) -> None:
    with unpacked(package.bundle) as folder:
        check_import(folder, EMULATOR_PYTHON)


def test_every_module_of_the_bundle_has_its_bytecode(package: Package) -> None:
    names = ZipFile(package.bundle).namelist()

    modules = {str(Path(name).with_suffix("")) for name in names if name.endswith(".py")}
    compiled = {
        str(Path(name).parent.parent / Path(name).name.partition(".")[0]) for name in names if name.endswith(".pyc")
    }

    assert modules - compiled == set()


def test_the_bundle_holds_no_file_twice_and_none_that_nobody_reads(package: Package) -> None:
    names = ZipFile(package.bundle).namelist()

    assert len(names) == len(set(names))
    assert [name for name in names if name.startswith(UNREAD)] == []


def test_the_template_says_what_architecture_demands(package: Package) -> None:
    resources = json.loads(package.template.read_text())["Resources"]
    functions = {k: v["Properties"] for k, v in resources.items() if v["Type"] == "AWS::Serverless::Function"}

    assert (functions["APIHandler"]["MemorySize"], functions["APIHandler"]["Timeout"]) == (1024, 29)
    assert (functions["RunBatchPhase"]["MemorySize"], functions["RunBatchPhase"]["Timeout"]) == (1769, 900)
    assert (functions["PrevalidateWorkbook"]["MemorySize"], functions["PrevalidateWorkbook"]["Timeout"]) == (3008, 900)
    assert resources["RestAPI"]["Properties"]["EndpointConfiguration"] == "REGIONAL"
