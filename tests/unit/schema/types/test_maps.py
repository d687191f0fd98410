"""Maps as their reader returns them."""

from decimal import Decimal

import pytest

from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field, FieldType
from chalicelib.schema.types import reader_of
from chalicelib.schema.types.value_reader import InvalidValue

MAP = reader_of(
    Field(name="metadata", type=FieldType.MAP), Limits(values=5, json_depth=3, text_characters=100, record_bytes=9_000)
)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param('{"a": {"b": [1, null]}}', {"a": {"b": [1, None]}}, id="text"),
        pytest.param({"a": " x ", "b": True}, {"a": " x ", "b": True}, id="object-as-given"),
        pytest.param({"a": Decimal("1.5")}, {"a": 1.5}, id="streamed-number"),
        pytest.param({}, {}, id="empty"),
        pytest.param({"a": [1, 2, 3], "b": 4}, {"a": [1, 2, 3], "b": 4}, id="as-many-as-may-be"),
    ],
)
def test_reads_maps(given: object, expected: object) -> None:
    assert MAP(given) == expected


@pytest.mark.parametrize(
    ("given", "code"),
    [
        pytest.param("[1]", ProblemCode.INVALID_TYPE, id="array"),
        pytest.param("{", ProblemCode.INVALID_TYPE, id="broken"),
        pytest.param({"a": b"x"}, ProblemCode.INVALID_TYPE, id="bytes"),
        pytest.param("gold", ProblemCode.INVALID_TYPE, id="word"),
        pytest.param({"a": {"b": {"c": {}}}}, ProblemCode.INVALID_TYPE, id="too-deep"),
        pytest.param({str(n): n for n in range(6)}, ProblemCode.TOO_MANY_VALUES, id="too-many"),
        pytest.param({str(n): "x" for n in range(6)}, ProblemCode.TOO_MANY_VALUES, id="too-many-texts"),
        pytest.param({"a": [1, 2, 3], "b": [1]}, ProblemCode.TOO_MANY_VALUES, id="too-many-together"),
        pytest.param({"a": 2**63}, ProblemCode.OUT_OF_RANGE, id="large-number"),
        pytest.param({"a": float("nan")}, ProblemCode.INVALID_DECIMAL, id="nan"),
        pytest.param({"a": "x\0"}, ProblemCode.INVALID_TEXT, id="nul"),
        pytest.param({"a\ud800": 1}, ProblemCode.INVALID_TEXT, id="surrogate-in-key"),
        pytest.param({"a": "x" * 101}, ProblemCode.TOO_LONG, id="long-text"),
        pytest.param('{"a":' * 20_000, ProblemCode.TOO_LONG, id="very-deep-text"),
    ],
)
def test_refuses_other_maps(given: object, code: ProblemCode) -> None:
    with pytest.raises(InvalidValue) as refusal:
        MAP(given)

    assert refusal.value.code is code


def test_a_very_deep_object_ends_at_the_limit_of_depth() -> None:
    deep: object = {}
    for _ in range(100_000):
        deep = {"a": deep}

    with pytest.raises(InvalidValue) as refusal:
        MAP(deep)

    assert refusal.value.code is ProblemCode.INVALID_TYPE
