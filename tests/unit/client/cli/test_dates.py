import io

import pytest

from sluice.cli.dates import choose_date_order
from sluice.cli.screen import Screen
from sluice.models.imports import SourceColumn, SourceDescription
from sluice.models.records import Resource, ResourceField

CUSTOMERS = Resource(
    name="customer", fields=(ResourceField(name="since", type="date"), ResourceField(name="notes", type="text"))
)
MAPPING: dict[str, str | None] = {"since": "Since", "notes": "Notes"}


def source(*dates: str, note: str = "") -> SourceDescription:
    columns = (SourceColumn(header="Since"), SourceColumn(header="Notes"))
    return SourceDescription(columns=columns, rows=tuple((date, note) for date in dates))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("d\n", {"date_order": "day_first"}), ("month\n", {"date_order": "month_first"}), ("\n", {})],
)
def test_a_person_says_what_a_date_means(
    answer: str, expected: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))

    assert choose_date_order(Screen(), source("2024-01-31", "03.04.2024"), MAPPING, CUSTOMERS) == expected
    assert "03.04.2024 in Since: [d] 3 April, [m] 4 March, [Enter] fail such rows:" in capsys.readouterr().err


@pytest.mark.parametrize("dates", [("31/04/2024",), ("04/31/2024",), ("04/04/2024",), ("2024-03-04",), ("",), ()])
def test_what_can_be_read_in_one_way_is_no_question(dates: tuple[str, ...]) -> None:
    assert choose_date_order(Screen(), source(*dates, note="03/04/2024"), MAPPING, CUSTOMERS) == {}
