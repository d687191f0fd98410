from collections.abc import Mapping
from typing import Any

import click
import pytest

from sluice.cli.import_options import Plan, limit_of, stated_options, stating_options
from sluice.models.records import Resource
from sluice.uploads import source_file


def stated(*arguments: str) -> Mapping[str, Any]:
    """What a command line states."""
    found: dict[str, Any] = {}

    @click.command()
    @stating_options
    def command(**given: Any) -> None:
        found.update(stated_options(given, Resource(name="contact")))

    command.main(["-r", "contacts", *arguments], standalone_mode=False)
    return found


def test_what_is_not_said_is_not_stated() -> None:
    assert stated() == {}
    assert stated("--dates", "ask") == {}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--duplicates", "none"], {"duplicate_handling": "ignore_all"}),
        (["--match-by", "external_id , email"], {"match_by": ["external_id", "email"]}),
        (["-m", "name=A = B", "-m", "phone="], {"column_mapping": {"name": "A = B", "phone": None}}),
        (["--max-failed", "0", "--max-deleted", "none"], {"max_failed": 0, "max_deleted": None}),
        (["--header-row", "3", "--delimiter", ";"], {"reading": {"header_row": 3, "delimiter": ";"}}),
        (["--all-or-nothing", "-a", "update"], {"all_or_nothing": True, "action": "update"}),
    ],
)
def test_what_is_said_is_stated_as_the_library_takes_it(arguments: list[str], expected: dict[str, Any]) -> None:
    assert stated(*arguments) == expected


@pytest.mark.parametrize("arguments", [["-m", "name"], ["-m", "=Name"], ["--merge-rule", "notes"]])
def test_a_pair_has_a_name_and_a_sign(arguments: list[str]) -> None:
    with pytest.raises(click.BadParameter, match="say FIELD="):
        stated(*arguments)


@pytest.mark.parametrize(("text", "limit"), [("20", 20), ("2.5%", "2.5%"), ("none", None)])
def test_a_limit_is_a_number_a_part_or_none(text: str, limit: int | str | None) -> None:
    assert limit_of(text) == limit


@pytest.mark.parametrize(
    ("said", "is_asking", "is_rehearsing"),
    [
        ({}, True, True),
        ({"is_yes": True}, False, False),
        ({"is_preview": True}, False, True),
        ({"is_waiting": False}, False, False),
        ({"is_waiting": False, "is_preview": True}, False, True),
    ],
)
def test_a_person_decides_unless_somebody_has(said: dict[str, bool], is_asking: bool, is_rehearsing: bool) -> None:
    with source_file(b"a") as file:
        plan = Plan(file, Resource(name="contact"), {}, **said)  # type: ignore[arg-type]

    assert (plan.is_asking, plan.is_rehearsing) == (is_asking, is_rehearsing)
