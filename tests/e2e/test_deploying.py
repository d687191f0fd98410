"""The commands that deploy without `make deploy`, as the page prints them, by the real AWS CLI on an emulator."""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from local.emulator import KEY, REGION, Emulator
from local.paths import BUILD, ROOT
from tests.documented_commands import blocks_of, paste

pytestmark = pytest.mark.e2e


def test_the_printed_commands_deploy_a_stack_and_make_its_first_key(tmp_path: Path) -> None:
    blocks = [
        block for block in blocks_of(ROOT / "docs" / "deploying.md") if block.mark.startswith(f"run by {_here()}")
    ]
    (tmp_path / "build").symlink_to(BUILD)

    with Emulator(tmp_path / "state") as emulator:
        done = paste(blocks, tmp_path, _account_at(emulator.url))

    assert len(blocks) == 2
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "ControlTableName" in done.stdout
    assert "px_" in done.stdout


def test_the_package_is_for_the_processor_and_the_python_of_aws(tmp_path: Path) -> None:
    template = json.loads((BUILD / "prod" / "template.json").read_text())
    names = ZipFile(BUILD / "prod" / "deployment.zip").namelist()

    functions = [one for one in template["Resources"].values() if one["Type"] == "AWS::Serverless::Function"]
    assert {one["Properties"]["Runtime"] for one in functions} == {"python3.13"}
    assert {one["Properties"]["Architectures"][0] for one in functions} == {"arm64"}
    extensions = [name for name in names if name.endswith(".so")]
    assert extensions
    assert [name for name in extensions if "313-aarch64" not in name] == []
    assert [name for name in names if name.endswith(".pyc") and "cpython-313" not in name] == []


def _here() -> str:
    return str(Path(__file__).relative_to(ROOT))


def _account_at(url: str) -> dict[str, str]:
    """The variables by which the CLI finds the emulator and nothing of the user's."""
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": KEY,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": "/nonexistent",
        "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
