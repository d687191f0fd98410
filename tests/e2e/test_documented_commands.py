"""Commands of README and the pages are pasted into a shell, in order, and each is answered with a success."""

from pathlib import Path

import pytest

from chalicelib.model.catalogue import RESOURCES
from local.curl_commands import Requests, each_request
from local.keys import demo_keys
from local.paths import ROOT
from local.shell_variables import FILE, write_variables
from local.stack import Stack
from tests.documented_commands import PAGES, Block, blocks_of, paste

pytestmark = pytest.mark.e2e

VARIABLES = Path(".sluice") / FILE
RUN = {page: [block for block in blocks_of(page) if block.is_run_with_its_page] for page in PAGES}


@pytest.fixture
def folder(stack: Stack, tmp_path: Path) -> Path:
    """A folder as `make run` leaves the project's, with keys of a tenant of its own."""
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    (tmp_path / ".sluice").mkdir()
    write_variables(tmp_path / VARIABLES, stack, demo_keys(stack, tmp_path / ".sluice"))
    return tmp_path


@pytest.mark.parametrize("page", [page for page, blocks in RUN.items() if blocks], ids=lambda page: page.name)
def test_the_commands_of_a_page_are_answered(page: Path, folder: Path) -> None:
    done = paste(RUN[page], folder, {})

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def test_the_requests_that_make_run_prints_are_answered(folder: Path) -> None:
    requests = each_request(Requests(VARIABLES, RESOURCES["customers"], Path("samples/customers.csv")))

    done = paste([Block(Path(), "sh", request + "\n", "") for request in requests], folder, {})

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert '"access_token"' in done.stdout


def test_a_dropped_file_lies_where_it_becomes_an_import(folder: Path, stack: Stack) -> None:
    (folder / "people.csv").write_text("Name,E-mail\nAnn,ann@mail.example\n")
    text = f'. {VARIABLES}\ndrop people.csv customers merge\necho "drop/$TENANT/customers/merge/people.csv"\n'

    done = paste([Block(Path(), "sh", text, "")], folder, {})

    assert done.returncode == 0, done.stderr
    bucket, key = stack.outputs["BucketName"], done.stdout.splitlines()[-1]
    assert stack.aws.s3.get_object(Bucket=bucket, Key=key)["Body"].read().startswith(b"Name,E-mail")
