"""A shell that has read the file knows where the stack is, its keys and its bucket, and can read answers."""

import stat
import subprocess
from pathlib import Path
from typing import cast

import pytest

from chalicelib.model.api_keys import KeyKind
from chalicelib.model.ids import TenantId
from local.aws import Aws
from local.keys import DemoKeys
from local.restore import Restored
from local.shell_variables import write_login, write_variables
from local.stack import Stack
from sluice.logins import Surroundings, find_login

KEYS = DemoKeys(TenantId("6f1c2a4e-0000-4000-8000-000000000001"), {kind: f"{kind.value}_secret" for kind in KeyKind})


@pytest.fixture
def variables(tmp_path: Path) -> Path:
    aws = Aws("http://127.0.0.1:4566")
    restored = cast(Restored, None)
    stack = Stack("http://127.0.0.1:8080", aws, {"BucketName": "bucket-1"}, {}, restored, lambda: None)
    write_variables(tmp_path / "keys.env", stack, KEYS)
    return tmp_path / "keys.env"


def output_of(variables: Path, command: str) -> str:
    text = f". {variables}\n{command}"
    return subprocess.run(["bash", "-c", text], capture_output=True, text=True, check=True).stdout.strip()


def test_address_tenant_and_bucket_are_known(variables: Path) -> None:
    told = output_of(variables, 'echo "$SLUICE $TENANT $S3 $BUCKET"')

    assert told == "http://127.0.0.1:8080 6f1c2a4e-0000-4000-8000-000000000001 http://127.0.0.1:4566 bucket-1"


def test_each_kind_of_key_is_known(variables: Path) -> None:
    assert (
        output_of(variables, 'echo "$PX_KEY $SK_LIVE_KEY $KSR_ADMIN_KEY"')
        == "px_secret sk_live_secret ksr_admin_secret"
    )
    assert (
        output_of(variables, 'echo "$CLIENT_ID $CLIENT_SECRET"')
        == f"{KEYS.of(KeyKind.TD_CLIENT).key_id} td_client_secret"
    )


def test_a_field_is_read_from_an_answer(variables: Path) -> None:
    assert output_of(variables, """field data.id '{"data": {"id": "imp_1"}}'""") == "imp_1"


def test_the_file_is_its_owners_alone(variables: Path) -> None:
    assert stat.S_IMODE(variables.stat().st_mode) == 0o600


def test_a_login_is_found_below_the_folder_and_is_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / ".sluice"
    folder.mkdir()

    write_login(folder / "login.toml", "http://127.0.0.1:8080", "px_secret")

    found = find_login(None, Surroundings({}, tmp_path, tmp_path / "logins.toml"))
    assert (found.url, found.key) == ("http://127.0.0.1:8080", "px_secret")
    assert stat.S_IMODE((folder / "login.toml").stat().st_mode) == 0o600
