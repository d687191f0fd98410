import io

import pytest

from sluice.cli.dates import choose_date_order
from sluice.cli.screen import Screen
from sluice.models.imports import SeenDates, SourceColumn, SourceDescription

MAPPING: dict[str, str | None] = {"since": "Since", "notes": "Notes"}


def source(dates: SeenDates | None, *, header: str = "Since") -> SourceDescription:
    return SourceDescription(columns=(SourceColumn(header="Notes"), SourceColumn(header=header, dates=dates)))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("d\n", {"date_order": "day_first"}), ("month\n", {"date_order": "month_first"}), ("\n", {})],
)
def test_a_person_says_what_a_date_means(
    answer: str, expected: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))

    assert choose_date_order(Screen(), source(SeenDates(unclear="03/04/2024 10:00")), MAPPING) == expected
    assert "03/04/2024 10:00 in Since: [d] 3 April, [m] 4 March, [Enter] fail such rows:" in capsys.readouterr().err


@pytest.mark.parametrize(
    "dates",
    [None, SeenDates(), SeenDates(order="day_first", proof="31/01/2024", unclear="03/04/2024")],
    ids=["no dates", "nothing unclear", "proven by others"],
)
def test_what_can_be_read_in_one_way_is_no_question(dates: SeenDates | None) -> None:
    assert choose_date_order(Screen(), source(dates), MAPPING) == {}


def test_dates_of_a_column_that_is_left_out_are_no_question() -> None:
    assert choose_date_order(Screen(), source(SeenDates(unclear="03/04/2024"), header="Other"), MAPPING) == {}
