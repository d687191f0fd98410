"""Texts and ids as their readers return them."""

import pytest

from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field, FieldType
from chalicelib.schema.types import reader_of
from chalicelib.schema.types.columnar import column_reader_of
from chalicelib.schema.types.value_reader import InvalidValue

TEXT = Field(name="notes", max_length=10)
ID = Field(name="id", type=FieldType.ID)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("Jane", "Jane", id="plain"),
        pytest.param("  Jane\t", "Jane", id="surrounding-space"),
        pytest.param("a\n\tb\r", "a\n\tb", id="lines-and-tabs-inside"),
        pytest.param("e\u0301", "e\u0301", id="not-composed"),
        pytest.param("👩‍🚀", "👩‍🚀", id="joined-emoji"),
        pytest.param("ab\u200b", "ab", id="zero-width"),
        pytest.param("a\u200bb", "a\u200bb", id="zero-width-inside"),
        pytest.param(94107, "94107", id="whole-number"),
        pytest.param("x" * 10, "x" * 10, id="at-the-limit"),
        pytest.param("   " + "x" * 10 + " ", "x" * 10, id="space-does-not-count"),
    ],
)
def test_reads_texts(given: object, expected: str) -> None:
    assert reader_of(TEXT, DEFAULT_LIMITS)(given) == expected


@pytest.mark.parametrize(
    ("given", "code"),
    [
        pytest.param("a\0b", ProblemCode.INVALID_TEXT, id="nul"),
        pytest.param("a\x1bb", ProblemCode.INVALID_TEXT, id="escape"),
        pytest.param("\ud800", ProblemCode.INVALID_TEXT, id="lone-surrogate"),
        pytest.param("x" * 11, ProblemCode.TOO_LONG, id="too-long"),
        pytest.param("x" * 100_000, ProblemCode.TOO_LONG, id="far-too-long"),
        pytest.param(1.5, ProblemCode.INVALID_TYPE, id="float"),
        pytest.param(True, ProblemCode.INVALID_TYPE, id="boolean"),
        pytest.param(["a"], ProblemCode.INVALID_TYPE, id="list"),
        pytest.param({"a": 1}, ProblemCode.INVALID_TYPE, id="object"),
        pytest.param(10**5000, ProblemCode.INVALID_TYPE, id="number-nobody-spells"),
    ],
)
def test_refuses_what_cannot_be_stored_as_text(given: object, code: ProblemCode) -> None:
    with pytest.raises(InvalidValue) as refusal:
        reader_of(TEXT, DEFAULT_LIMITS)(given)

    assert refusal.value.code is code


@pytest.mark.parametrize("name", ["external_id", "sku", "serial_number", "slug", "domain"])
@pytest.mark.parametrize("given", ["C\xad-1", "\u200bC-1", "C\u200d-1\ufe0f", "C-1\U000e0100", "\xa0C-1\u2060 "])
def test_codes_have_no_invisible_character_anywhere(name: str, given: str) -> None:
    assert reader_of(Field(name=name), DEFAULT_LIMITS)(given) == "C-1"
    assert column_reader_of(Field(name=name), DEFAULT_LIMITS).read([given]) == (["C-1"], False)


def test_a_text_without_a_length_of_its_own_ends_at_the_common_limit() -> None:
    read = reader_of(Field(name="notes"), DEFAULT_LIMITS)

    assert read("x" * 100_000) == "x" * 100_000
    with pytest.raises(InvalidValue):
        read("x" * 100_001)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("cus_1", "cus_1", id="prefixed"),
        pytest.param("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", id="uuid"),
        pytest.param(" a.b:c ", "a.b:c", id="punctuation"),
        pytest.param(42, "42", id="number"),
        pytest.param("x" * 128, "x" * 128, id="longest"),
    ],
)
def test_reads_ids(given: object, expected: str) -> None:
    assert reader_of(ID, DEFAULT_LIMITS)(given) == expected


@pytest.mark.parametrize(
    "given",
    ["a b", "a/b", "..", "-rf", "é", "a\n.", "x" * 129, "١", "a" * 100_000],
)
def test_refuses_ids_with_other_characters(given: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        reader_of(ID, DEFAULT_LIMITS)(given)

    assert refusal.value.code is ProblemCode.INVALID_ID
