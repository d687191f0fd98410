"""What is stated about a source, and what its columns prove."""

import pytest

from chalicelib.model.notations import (
    AS_WRITTEN,
    Convention,
    DateOrder,
    DecimalSign,
    Notation,
    NotationDecision,
    SourceNotations,
)


def decision(*conventions: Convention, pointed: DateOrder | None = DateOrder.DAY_FIRST) -> NotationDecision:
    return NotationDecision(field="it", column="It", conventions=conventions, pointed_order=pointed, proof="")


@pytest.mark.parametrize(
    ("decided", "expected"),
    [
        pytest.param(decision(DecimalSign.COMMA), Notation(decimal=DecimalSign.COMMA), id="decimal sign"),
        pytest.param(decision(DateOrder.MONTH_FIRST), Notation(date_order=DateOrder.MONTH_FIRST), id="order"),
        pytest.param(decision(DecimalSign.COMMA, DecimalSign.POINT), AS_WRITTEN, id="mixed"),
        pytest.param(
            decision(DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST, pointed=None),
            Notation(pointed_order=None),
            id="mixed, points too",
        ),
    ],
)
def test_a_column_is_written_as_it_proves(decided: NotationDecision, expected: Notation) -> None:
    notations = SourceNotations(decided={"it": decided})

    assert notations.of("it") == expected
    assert notations.of("other") == AS_WRITTEN


def test_what_is_stated_needs_no_decision() -> None:
    stated = Notation(decimal=DecimalSign.POINT)

    assert stated.states(decision(DecimalSign.COMMA))
    assert not stated.states(decision(DateOrder.DAY_FIRST))


def test_what_one_notation_leaves_open_another_fills() -> None:
    over = Notation(decimal=DecimalSign.COMMA).with_fallback(
        Notation(decimal=DecimalSign.POINT, time_zone="Europe/Berlin")
    )

    assert (over.decimal, over.time_zone) == (DecimalSign.COMMA, "Europe/Berlin")
