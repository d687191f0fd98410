"""A new stack that uses the tables of another, as it would use tables that a backup was restored into."""

from pathlib import Path

import pytest

from local.aws import Aws
from local.emulator import Emulator
from sluice import Sluice
from tests.e2e.test_make_deploy import FEW, Shell, emulator, first_of, project, succeeded

pytestmark = pytest.mark.e2e
__all__ = ["emulator", "project"]

TABLES = ("ControlTable", "RecordsTable", "IdempotencyTable")


def test_a_new_stack_serves_what_is_in_the_tables_that_it_is_given(project: Path, emulator: Emulator) -> None:
    shell = Shell(project, emulator)
    first = succeeded(shell.run(f'export PARAMETERS="{FEW}"', "make deploy STAGE=prod"))
    key = first_of(r"Key +(px_\S+)", first)
    before = Sluice(first_of(r"Serving at (\S+)", first), key)
    done = before.imports.run([{"name": "Ann", "email": "ann@mail.example"}], resource="customers")
    assert done.stats.created == 1

    names = {table: outputs(emulator, "sluice")[f"{table}Name"] for table in TABLES}
    given = " ".join(f"Use{table}={name}" for table, name in names.items())
    again = succeeded(shell.run(f'export PARAMETERS="{FEW} {given}"', "make deploy STAGE=prod STACK=again"))

    assert {f"{table}Name": names[table] for table in TABLES}.items() <= outputs(emulator, "again").items()
    assert "exported them into a file, and found all of them in it" in again
    assert "Key " not in again
    after = Sluice(first_of(r"Serving at (\S+)", again), key)
    assert [one.fields["name"] for one in after.records.each("customers")] == ["Ann"]
    assert after.imports.get(done.id).stats.created == 1


def outputs(emulator: Emulator, stack: str) -> dict[str, str]:
    [found] = Aws(emulator.url).cloudformation.describe_stacks(StackName=stack)["Stacks"]
    return {one["OutputKey"]: one["OutputValue"] for one in found["Outputs"]}
