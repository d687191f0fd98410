"""How values of each type are compared and sorted."""

import pytest

from chalicelib.model.filters import Operator
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.resources import Field, FieldType
from chalicelib.schema.query.comparison import ALLOWED, order_key, value_test
from chalicelib.schema.types.value_reader import InvalidValue


@pytest.mark.parametrize(
    ("kind", "operator", "wanted", "stored", "expected"),
    [
        pytest.param(FieldType.TEXT, Operator.CONTAINS, "MART", "Ann  Martin", True, id="case does not count"),
        pytest.param(FieldType.TEXT, Operator.EQ, "ann", "Ann", False, id="in equality it does"),
        pytest.param(FieldType.EMAIL, Operator.EQ, "ANN@X.COM", "ann@x.com", True, id="addresses as identities"),
        pytest.param(FieldType.PHONE, Operator.CONTAINS, "555-12", "+15551234567", True, id="digits of phones"),
        pytest.param(FieldType.DECIMAL, Operator.EQ, "1.50", "1.5", True, id="numbers however spelled"),
        pytest.param(FieldType.INTEGER, Operator.GT, 9, 10, True, id="numbers as numbers"),
        pytest.param(FieldType.DATETIME, Operator.EQ, "2025-01-01", "2025-01-01T12:00:00Z", True, id="a day"),
        pytest.param(FieldType.DATETIME, Operator.EQ, "2025-01-01T00:00", "2025-01-01T12:00:00Z", False, id="no day"),
        pytest.param(FieldType.DATETIME, Operator.LT, "2025-01-01T12:00", "2025-01-01T12:00:00.5Z", False, id="a time"),
        pytest.param(FieldType.DATETIME, Operator.LT, "2025-01-01T00:00:01", "2025-01-01", True, id="midnight"),
        pytest.param(FieldType.DATETIME, Operator.EQ, "2025-01-01T12:00", "2025-01-01T12:00:00Z", True, id="a moment"),
        pytest.param(FieldType.LIST, Operator.EQ, "b", ["a", "b"], True, id="any entry"),
    ],
)
def test_a_test_holds(kind: FieldType, operator: Operator, wanted: object, stored: object, expected: bool) -> None:
    assert value_test(Field(name="it", type=kind), operator, wanted, DEFAULT_LIMITS)(stored) is expected


def test_a_value_that_the_type_cannot_have_is_invalid() -> None:
    with pytest.raises(InvalidValue):
        value_test(Field(name="it", type=FieldType.INTEGER), Operator.EQ, "many", DEFAULT_LIMITS)


def test_every_type_has_its_operators() -> None:
    assert ALLOWED.keys() == {*FieldType}


def test_values_sort_as_what_they_mean() -> None:
    numbers = sorted(["10", "9", "-1.5"], key=order_key(Field(name="it", type=FieldType.DECIMAL)))
    texts = sorted(["b", "A", "a"], key=order_key(Field(name="it")))

    assert (numbers, texts) == (["-1.5", "9", "10"], ["A", "a", "b"])
