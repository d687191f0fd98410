"""A key that stands twice in one object is found however the text is written, and nothing else is taken for one."""

import json

import pytest
from hypothesis import given as given_by
from hypothesis import strategies as st

from chalicelib.formats.json.repeated_keys import find_repeated_key
from tests.reading import codes, refusal_of, rows_of

BLANKS = st.sampled_from(["", " ", "\t", "\r\n"])
KEYS = st.sampled_from(["a", "b", 'q"', "colon:", '":', "\\", "ä", ""])
TEXTS = st.sampled_from(["", "a", '":', "10:30", '\\":', 'a" : "b', "{", "ä:"])


@st.composite
def members(draw: st.DrawFn, depth: int = 2) -> tuple[str, bool]:
    """Returns the text of an object, and whether any object in it has a key twice."""
    keys = draw(st.lists(KEYS, max_size=4))
    values, is_repeated = [], len(set(keys)) < len(keys)
    for _ in keys:
        if depth and draw(st.booleans()):
            inner, is_inner_repeated = draw(members(depth=depth - 1))
            is_repeated = is_repeated or is_inner_repeated
            values.append(draw(st.sampled_from([inner, f"[1,{inner}]"])))
        else:
            values.append(draw(TEXTS.map(json.dumps) | st.sampled_from(["1", "1.5", "null", "[]"])))
    blanks = draw(st.tuples(BLANKS, BLANKS, BLANKS))
    written = [_key(draw, key) + blanks[0] + ":" + blanks[1] + one for key, one in zip(keys, values, strict=True)]
    return "{" + blanks[2] + f",{blanks[2]}".join(written) + "}", is_repeated


def _key(draw: st.DrawFn, key: str) -> str:
    """The same key, written in one of its ways."""
    is_escaped = draw(st.booleans())
    return '"' + "".join(f"\\u{ord(one):04x}" for one in key) + '"' if is_escaped else json.dumps(key)


@given_by(members())
def test_any_object_has_a_repeated_key_or_none(member: tuple[str, bool]) -> None:
    text, is_repeated = member

    assert (find_repeated_key(text.encode(), json.loads(text)) is not None) is is_repeated
    row_problems = [codes(row.problems) for row in rows_of(text.replace("\r\n", " "), format="ndjson")]
    assert row_problems == [["duplicate_key"] if is_repeated else []]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"email":"a@x.org","email":"b@x.org"}', id="plain"),
        pytest.param('{"email" :"a@x.org","email":"b@x.org"}', id="blank_before_colon"),
        pytest.param('{"email":"a@x.org","\\u0065mail":"a@x.org"}', id="escaped"),
        pytest.param('{"name":"x\\":","email":1.5,"email":1.5}', id="fraction"),
        pytest.param('{"list":[{"email":"a","email":"b"}]}', id="nested"),
    ],
)
@pytest.mark.parametrize("format_", ["json", "ndjson"])
def test_a_row_that_gives_a_key_twice_fails_alone(text: str, format_: str) -> None:
    good = '{"email":"10:30"}'
    content = f"[{text},{good}]" if format_ == "json" else f"{text}\n{good}\n"

    broken, read = rows_of(content, format=format_)

    (problem,) = broken.problems
    assert (problem.code, problem.facts["detail"]) == ("duplicate_key", "one object gives 'email' more than once")
    assert problem.value == text
    assert broken.given == [text]
    assert (read.given, read.problems) == ({"email": "10:30"}, [])


def test_a_document_that_is_one_record_with_a_key_twice_is_refused() -> None:
    refusal = refusal_of(b'{"email":"a@x.org","name":"Ann","email":"b@x.org"}')

    assert refusal.code == "invalid_json"
    assert "one object gives 'email' more than once" in str(refusal)
