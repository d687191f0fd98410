"""The elements of a list are cut out by their brackets, however large they are."""

import pytest

from chalicelib.model.limits import Limits
from tests.reading import codes, opened_bytewise, rows_of


@pytest.mark.parametrize(
    ("rest", "code", "detail"),
    [
        pytest.param("", "truncated_source", "the list is not closed", id="no_end"),
        pytest.param(",", "truncated_source", "the list is not closed", id="after_comma"),
        pytest.param(',{"a":', "truncated_source", "the list is not closed", id="inside_object"),
        pytest.param(' {"a":2}]', "invalid_json", "expected ',' or ']' at byte 10, found '{'", id="no_comma"),
        pytest.param(",]", "invalid_json", "expected a value at byte 10, found ']'", id="comma_too_many"),
        pytest.param("] x", "invalid_json", "expected the end at byte 11, found 'x'", id="something_behind"),
    ],
)
def test_a_broken_list_ends_with_an_error_row(rest: str, code: str, detail: str) -> None:
    rows = rows_of('[{"a":1}' + rest)

    assert [codes(row.problems) for row in rows] == [[], [code]]
    assert rows[1].problems[0].facts["detail"] == detail
    assert rows[1].number == 2


@pytest.mark.parametrize(
    "element",
    [
        pytest.param('{"a":"' + "x" * 3_000 + '"}', id="text"),
        pytest.param('{"a":"' + '\\"}' * 1_000 + '"}', id="escapes"),
        pytest.param('{"a":[' + '{"b":"]"},' * 300 + "0]}", id="nested"),
        pytest.param('"' + "\\\\" * 1_500 + '"', id="bare_text"),
        pytest.param("7" * 3_000, id="number"),
    ],
)
@pytest.mark.parametrize("most", [1, 1_000])
def test_an_element_larger_than_a_row_may_be_is_skipped(element: str, most: int) -> None:
    content = f'[{{"a":1}},{element} ,{{"a":2}}]'.encode()

    rows = list(opened_bytewise(content, most=most, limits=Limits(row_bytes=1_000)).rows)

    assert [codes(row.problems) for row in rows] == [[], ["row_too_large"], []]
    assert rows[2].given == {"a": 2}
