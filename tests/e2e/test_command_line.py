"""The command line and the library before the deployed stack: a dirty file from its columns to its repair and its undo,
and a file that is sent in parts.
"""

import csv
import gzip
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sluice import Sluice
from sluice.cli.main import run
from tests.e2e.packagex_client import PackageXClient
from tests.pseudo_terminal import Seen, in_terminal

pytestmark = pytest.mark.e2e

HEADER = "Customer ID,Full Name,E-mail,Member Since,Status\n"
GOOD = "".join(f"{n},Person {n},person{n}@example.com,2024-01-31,Active\n" for n in range(1_000))
BAD = "x1,Bo Lind,bo@@example.org,2024-05-06,Active\nx2,Cy Young,cy@example.org,03/04/2024,paused\n"


@pytest.fixture
def sluice(client: PackageXClient) -> Sluice:
    return Sluice(client.base_url, client.key or "")


@pytest.fixture
def terminal(client: PackageXClient, tmp_path: Path) -> Callable[..., Seen]:
    """Runs a command in a terminal of 80 columns."""

    def type_in(*arguments: str, answers: tuple[tuple[str, str], ...] = ()) -> Seen:
        def program() -> int:
            os.environ.update(SLUICE_URL=client.base_url, SLUICE_KEY=client.key or "")
            return run(arguments)

        return in_terminal(program, answers, folder=tmp_path)

    return type_in


def test_a_dirty_file_is_looked_at_imported_mended_and_taken_back(
    terminal: Callable[..., Seen], sluice: Sluice, tmp_path: Path
) -> None:
    (tmp_path / "customers.csv").write_text(HEADER + BAD + GOOD)

    imported = terminal(
        *("import", "customers.csv", "-r", "customers"),
        answers=(("[q]uit:", "\n"), ("[y/N]", "\n"), ("fail such rows:", "d\n"), ("[y/N]", "y\n")),
    )
    assert imported.code == 1, imported.screen
    assert "+ 1,000 new" in imported.screen
    assert "Import 1,000 rows, leave 2 out? [y/N] y" in imported.screen
    [import_id] = set(re.findall(r"^  (imp_\w+)$", imported.screen, re.MULTILINE))

    terminal("imports", "rows", import_id, "-o", "mend.csv")
    mend(tmp_path / "mend.csv")
    mended = terminal("imports", "retry", import_id, "mend.csv")
    assert mended.code == 0, mended.screen
    assert "of the first import's 2 failed rows 2 are mended" in mended.screen
    assert sluice.imports.get(import_id).mended == 2

    undone = terminal("imports", "undo", import_id, answers=(("[y/N]", "y\n"),))
    assert undone.code == 0, undone.screen
    assert "delete      1,000 customers that it made" in undone.screen
    assert "✓ reverted: 1,000 reversed, 0 kept, 0 failed" in undone.screen
    assert [one.fields["name"] for one in sluice.records.each("customers")] in (
        ["Bo Lind", "Cy Young"],
        ["Cy Young", "Bo Lind"],
    )


def mend(file: Path) -> None:
    """Corrects the two rows, as a person would in a spreadsheet."""
    with file.open(newline="", encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        row["E-mail"] = row["E-mail"].replace("@@", "@")
        row["Status"] = row["Status"].replace("paused", "Inactive")
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_a_file_in_parts_is_one_import(client: PackageXClient, tmp_path: Path) -> None:
    note = "n" * 90_000
    with gzip.open(tmp_path / "large.csv.gz", "wt", compresslevel=0) as file:  # which one task reads
        file.write("name,email,notes\n")
        file.writelines(f"Person {n},p{n}@example.com,{n} {note}\n" for n in range(200))
    sluice = Sluice(client.base_url, client.key or "", parts_from_bytes=1)

    done = sluice.imports.run(tmp_path / "large.csv.gz", resource="contacts")

    assert (done.stats.created, done.findings) == (200, ())
    assert (done.checksum or "").endswith("-2")


def test_the_sample_is_exported_as_it_was_imported(
    terminal: Callable[..., Seen], tmp_path: Path, part_of_sample: Path
) -> None:
    imported = terminal("import", str(part_of_sample), "-r", "customers", "--yes", "--quiet")
    exported = terminal("export", "customers", "-o", "out.csv", "--fields", "external_id,name")

    assert (imported.code, exported.code) == (1, 0), exported.screen
    assert len((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()) > 600
