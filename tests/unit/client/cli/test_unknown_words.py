import io

import pytest

from sluice.cli.screen import Screen
from sluice.cli.unknown_words import choose_words, unknown_lines
from sluice.models.imports import SourceColumn, SourceDescription, UnknownWord
from sluice.models.records import Resource, ResourceField

CUSTOMERS = Resource(
    name="customer",
    fields=(
        ResourceField(name="status", type="choice", choices=("active", "inactive")),
        ResourceField(name="vip", type="boolean"),
    ),
)
MAPPING: dict[str, str | None] = {"status": "State", "vip": "VIP"}


def source(*words: UnknownWord, vip: UnknownWord | None = None) -> SourceDescription:
    columns = (
        SourceColumn(header="State", unknown_words=words),
        SourceColumn(header="VIP", unknown_words=(vip,) if vip else ()),
        SourceColumn(header="Left out", unknown_words=(UnknownWord(field="status", word="other"),)),
    )
    return SourceDescription(columns=columns)


def test_a_person_says_what_words_mean(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n2\n\ntrue\n"))
    paused, odd = (UnknownWord(field="status", word=word, rows=rows) for word, rows in (("paused", 70), ("odd", 5)))

    found = choose_words(
        Screen(), source(odd, paused, vip=UnknownWord(field="vip", word="of course", rows=1)), MAPPING, CUSTOMERS
    )

    assert found == {"status": {"paused": "inactive"}, "vip": {"of course": True}}
    seen = capsys.readouterr().err
    assert "  State              paused 70, odd 5\n  VIP                of course 1\n" in seen
    assert "paused in State: [1] active, [2] inactive, [Enter] fail such rows:" in seen


def test_whoever_says_nothing_lets_such_rows_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))

    assert choose_words(Screen(), source(UnknownWord(field="status", word="paused")), MAPPING, CUSTOMERS) == {}


def test_words_of_another_field_are_no_question() -> None:
    assert choose_words(Screen(), source(UnknownWord(field="sentiment", word="so-so")), MAPPING, CUSTOMERS) == {}


def test_nobody_is_asked_more_than_ten_times(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n" + "1\n" * 10))

    found = choose_words(
        Screen(), source(*(UnknownWord(field="status", word=f"w{n}") for n in range(12))), MAPPING, CUSTOMERS
    )

    assert len(found["status"]) == 10
    assert "2 more words: --value-mapping FILE says them all" in capsys.readouterr().err


def test_where_nobody_is_asked_the_option_is_told() -> None:
    words = source(UnknownWord(field="status", word="paused", rows=2))

    assert list(unknown_lines(words, MAPPING, CUSTOMERS, 80)) == [
        "Words that are not known, and how many of the first rows they stand in:",
        "  State              paused 2",
        "  --value-mapping 'status:paused=active' says one",
    ]
    assert list(unknown_lines(source(), MAPPING, CUSTOMERS, 80)) == []
