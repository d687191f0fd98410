import io

import pytest

from sluice.cli.app import App
from sluice.cli.columns import changed, column_lines, proposed
from sluice.models.imports import SourceColumn, SourceDescription
from sluice.models.records import Resource, ResourceField

SOURCE = SourceDescription(
    columns=(
        SourceColumn(header="E-mail", field="email", why="name"),
        SourceColumn(header="Vorname", suggested="name", confidence=0.95),
        SourceColumn(header="Nachname", suggested="name", confidence=0.94),
        SourceColumn(header="Account", suggested="company_name", confidence=0.6),
        SourceColumn(header="Tel", suggested="phone", confidence=0.99),
    ),
    rows=(("ann@example.com", "Ann", "Lee", "Shop", "1"),),
)


@pytest.fixture
def resource() -> Resource:
    return Resource(
        name="contact",
        plural="contacts",
        fields=(ResourceField(name="email"), ResourceField(name="notes"), ResourceField(name="id", read_only=True)),
    )


def test_what_is_sure_is_proposed_and_what_is_stated_stays() -> None:
    assert proposed(SOURCE, {"phone": None}) == {"phone": None, "email": "E-mail", "name": "Vorname"}


def test_a_column_left_out_feeds_nothing_whatever_its_header() -> None:
    mapping = {"email": None, "name": "Vorname"}

    lines = list(column_lines(SOURCE, {**mapping}, 80))

    assert lines[1].split() == ["E-mail", "ann@example.com", "left", "out"]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ("e-mail\n\n\n", {"email": None, "name": "Vorname"}),
        ("Account\nnotes\n\n", {"email": "E-mail", "name": "Vorname", "notes": "Account"}),
        ("Account\nemail\n\n", {"email": "Account", "name": "Vorname"}),
        ("E-mail\nnotes\n\n", {"email": None, "name": "Vorname", "notes": "E-mail"}),
        ("Nobody\n\n", {"email": "E-mail", "name": "Vorname"}),
        ("Account\nid\n\n", {"email": "E-mail", "name": "Vorname"}),
    ],
    ids=["left out", "fed", "instead of another", "moved", "no column", "no field"],
)
def test_columns_are_changed_by_answers(
    answers: str, expected: dict[str, str | None], resource: Resource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(answers))

    assert changed(App(), SOURCE, {"email": "E-mail", "name": "Vorname"}, resource) == expected
