import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chalicelib.model.problem_codes import ProblemCode, Severity
from chalicelib.model.problems import Problem
from chalicelib.model.retries import is_corrected_as_whole
from sluice import Import
from sluice.cli.app import App
from sluice.cli.corrections import NO_ROW
from sluice.cli.main import run
from tests.service_in_memory import ServiceInMemory

CSV = b"Name,Email,Notes\nAnn,ann@example.com,x\nBen,wrong,b\nCy,cy@@example.com,y,too,many\nDi,di,d\n"


@pytest.fixture
def service() -> ServiceInMemory:
    return ServiceInMemory()


@pytest.fixture
def done(service: ServiceInMemory) -> Import:
    return service.client().imports.run(CSV, resource="contacts", filename="people.csv")


def sluice(service: ServiceInMemory, *arguments: str) -> int:
    return run(arguments, App(connect=lambda _: service.client()))


@pytest.fixture
def retry(service: ServiceInMemory, done: Import, tmp_path: Path) -> Callable[[bytes], int]:
    """Tries the failed rows again with a file of this content, and returns the exit code."""

    def retry(content: bytes) -> int:
        (tmp_path / "mend.csv").write_bytes(content)
        return sluice(service, "imports", "retry", done.id, str(tmp_path / "mend.csv"))

    return retry


def corrected(service: ServiceInMemory, done: Import) -> list[dict[str, Any]]:
    [request] = service.sent("POST", f"/v1/imports/{done.id}/retry")
    rows: list[dict[str, Any]] = json.loads(request.content)["rows"]
    return rows


def test_failed_rows_are_mended_cell_by_cell_and_misshapen_ones_as_a_whole(
    service: ServiceInMemory, done: Import, tmp_path: Path
) -> None:
    file = tmp_path / "mend.csv"
    sluice(service, "imports", "rows", done.id, "-o", str(file))
    with file.open(newline="", encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    rows[0]["Email"], rows[1]["Email"] = "ben@example.com", "cy@example.com"
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)

    assert sluice(service, "imports", "retry", done.id, str(file)) == 1

    assert corrected(service, done) == [
        {"row_number": 2, "values": {"email": "ben@example.com"}},
        {"row_number": 3, "values": {"name": "Cy", "email": "cy@example.com", "notes": "y"}},
    ]
    assert service.client().imports.get(done.id).mended == 2


@pytest.mark.parametrize(
    "content",
    [
        b"_row_number,Email\n2,b@example.com\n3,c@example.com\n",
        b"_row_number;Email\r\n2;b@example.com\r\n3;c@example.com\r\n",
        b'Email\t"_row_number"\nb@example.com\t2\nc@example.com\t3\n',
        b"_row_number,Email,Notes,Name\n2,b@example.com\n3,c@example.com\n",
    ],
    ids=["columns left out", "semicolons", "another order", "short rows"],
)
def test_what_the_file_does_not_have_stays_as_it_was(
    retry: Callable[[bytes], int], service: ServiceInMemory, done: Import, content: bytes
) -> None:
    retry(content)

    assert corrected(service, done) == [
        {"row_number": 2, "values": {"email": "b@example.com"}},
        {"row_number": 3, "values": {"name": "Cy", "email": "c@example.com", "notes": "y"}},
    ]


@pytest.mark.parametrize("code", ProblemCode)
def test_a_row_is_corrected_as_a_whole_where_the_service_takes_it_so(code: ProblemCode) -> None:
    is_whole = code in NO_ROW and Problem(code).severity is Severity.ERROR

    assert is_whole is is_corrected_as_whole([Problem(code)])


def test_an_emptied_cell_is_cleared(retry: Callable[[bytes], int], service: ServiceInMemory, done: Import) -> None:
    retry(b"_row_number,Email,Notes\n2,b@example.com,\n")

    assert corrected(service, done) == [{"row_number": 2, "values": {"email": "b@example.com", "notes": None}}]


def test_rows_that_have_not_failed_are_told(retry: Callable[[bytes], int], capsys: pytest.CaptureFixture[str]) -> None:
    retry(b"_row_number,Email\n1,a@example.com\n2,b@example.com\n")

    told = "mend.csv  2 rows, 1 of them changed since they failed; 1 have not failed and are left alone"
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a,b\n1,2\n", "mend.csv has no _row_number.\nWrite it: sluice imports rows imp_"),
        (b"_row_number,Email\nx2,b@example.com\n", "mend.csv: 'x2' in _row_number is no number."),
        (b"_row_number,Email\n,b@example.com\n", "mend.csv: '' in _row_number is no number."),
        (b"_row_number,Email\n2,b@example.com,c\n", "mend.csv: row 2 has more cells than the first line."),
        ("_row_number,Name\n2,Jörg\n".encode("cp1252"), "mend.csv is not UTF-8. Save it as CSV UTF-8."),
    ],
    ids=["another file", "no number", "none", "too many cells", "another encoding"],
)
def test_a_file_that_cannot_be_meant_mends_nothing(
    retry: Callable[[bytes], int],
    service: ServiceInMemory,
    capsys: pytest.CaptureFixture[str],
    content: bytes,
    message: str,
) -> None:
    assert retry(content) == 2
    assert message in capsys.readouterr().err
    assert [one for one in service.requests if one.url.path.endswith("/retry")] == []
