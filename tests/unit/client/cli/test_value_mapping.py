import json
from pathlib import Path

import click
import pytest

from sluice.cli.value_mapping import both, value_mapping_of
from sluice.import_options import ValueMapping
from sluice.models.records import Resource, ResourceField

CONTACTS = Resource(
    name="contact", fields=(ResourceField(name="active", type="boolean"), ResourceField(name="status", type="choice"))
)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["status:paused=inactive"], {"status": {"paused": "inactive"}}),
        (["status:a=b=inactive"], {"status": {"a=b": "inactive"}}),
        (["status:on: hold=inactive"], {"status": {"on: hold": "inactive"}}),
        (["active:x=true", "active:o=false"], {"active": {"x": True, "o": False}}),
        (["status:x=true"], {"status": {"x": "true"}}),
        (["status:a=active", "status:a=inactive"], {"status": {"a": "inactive"}}),
        (["active:x=maybe"], {"active": {"x": "maybe"}}),
    ],
    ids=["one", "equals sign", "colon", "true or false", "a choice", "the last wins", "for the service to refuse"],
)
def test_a_word_means_what_is_said(texts: list[str], expected: dict[str, dict[str, str | bool]]) -> None:
    assert value_mapping_of(texts, CONTACTS) == expected


def test_a_file_has_many(tmp_path: Path) -> None:
    words = {"status": {"paused": "inactive"}, "active": {"x": True}}
    (tmp_path / "words.json").write_text("\ufeff" + json.dumps(words), encoding="utf-8")

    assert value_mapping_of([str(tmp_path / "words.json"), "status:on=active"], CONTACTS) == {
        "status": {"paused": "inactive", "on": "active"},
        "active": {"x": True},
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "No such file"),
        ("{", "is no JSON"),
        ("[]", "says of no field"),
        ('{"status": "inactive"}', "says of no field"),
        ('{"status": {"paused": null}}', "says of no field"),
    ],
)
def test_what_says_nothing_is_told(tmp_path: Path, content: str | None, message: str) -> None:
    path = tmp_path / "words.json"
    if content is not None:
        path.write_text(content)

    with pytest.raises(click.BadParameter, match=message) as error:
        value_mapping_of([str(path)], CONTACTS)
    assert "Say FIELD:FROM=TO" in str(error.value)


def test_words_of_two_mappings_are_joined_and_the_second_goes_before() -> None:
    first: ValueMapping = {"status": {"a": "active", "b": "active"}}
    second: ValueMapping = {"status": {"b": "inactive"}, "active": {"x": True}}

    assert both(first, second) == {"status": {"a": "active", "b": "inactive"}, "active": {"x": True}}
