"""JSON that two readers could understand differently is refused."""

import pytest

from chalicelib.api.http.strict_json import parse_strictly
from chalicelib.errors import Refused


def test_json_is_read() -> None:
    assert parse_strictly('{"a": [1, 2.5, "x", null, {"a": true}], "b": {"a": 1}}') == {
        "a": [1, 2.5, "x", None, {"a": True}],
        "b": {"a": 1},
    }


@pytest.mark.parametrize(
    "text",
    [
        '{"email": "a@x.org", "email": "b@x.org"}',
        '{"records": [{"email": "a@x.org", "name": "A", "email": "a@x.org"}]}',
        '{"email": 1, "\\u0065mail": 2}',
    ],
    ids=["outermost", "within", "escaped"],
)
def test_a_name_given_twice_in_one_object_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="gives 'email' more than once in one object"):
        parse_strictly(text)


def test_a_long_object_with_a_name_given_twice_is_refused_as_quickly_as_it_is_read() -> None:
    names = ",".join(f'"{number}":1' for number in range(100_000))

    with pytest.raises(Refused, match="'99999' more than once"):
        parse_strictly(f'{{{names},"99999":2}}')


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", '{"a": -Infinity}'])
def test_constants_that_json_lacks_are_refused(text: str) -> None:
    with pytest.raises(Refused, match="is no JSON value"):
        parse_strictly(text)
