"""Sources that begin with a bracket: JSON, whole or damaged, or a table whose first header stands in brackets."""

import pytest

from chalicelib.formats.detect import looks_like_json
from tests.reading import given, opened, refusal_of


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        pytest.param("[2024] Name,Industry\n[1] Acme,Steel\n[2] Bolt,Wood\n", ("[2024] Name", "Industry"), id="number"),
        pytest.param("{id},name\n1,Ann\n2,Bob\n", ("{id}", "name"), id="braces"),
        pytest.param("{{id}},{{name}}\n1,Ann\n2,Bob\n", ("{{id}}", "{{name}}"), id="two_braces"),
        pytest.param("[1] Acme,Steel\n1,Ann\n2,Bob\n", ("[1] Acme", "Steel"), id="number_and_text"),
        pytest.param('"[x]",y\n1,Ann\n2,Bob\n', ("[x]", "y"), id="quoted"),
        pytest.param("[a,b]\n[1,2]\n[3,4]\n", ("[a", "b]"), id="a_list_of_words"),
        pytest.param("[1],b\n1,2\n3,4\n", ("[1]", "b"), id="a_list_and_more"),
        pytest.param("[true] x,y\n1,2\n3,4\n", ("[true] x", "y"), id="a_literal"),
        pytest.param('["x"] a,b\n1,2\n3,4\n', ('["x"] a', "b"), id="a_text"),
        pytest.param('{"id"},b\n1,2\n3,4\n', ('{"id"}', "b"), id="a_text_in_braces"),
        pytest.param("{},b\n1,2\n3,4\n", ("{}", "b"), id="empty_braces"),
        pytest.param("[[a]],b\n1,2\n3,4\n", ("[[a]]", "b"), id="two_brackets"),
        pytest.param("[2024-01-01] a,b\n1,2\n3,4\n", ("[2024-01-01] a", "b"), id="a_date"),
        pytest.param("[id];[name]\n1;2\n3;4\n", ("[id]", "[name]"), id="semicolons"),
        pytest.param("[-] a\tb\n1\t2\n3\t4\n", ("[-] a", "b"), id="tabs"),
        pytest.param("\ufeff[1] A,B\n1,2\n3,4\n", ("[1] A", "B"), id="marked"),
    ],
)
@pytest.mark.parametrize("filename", ["", "x.csv", "x.txt"])
def test_a_first_cell_that_begins_with_a_bracket_makes_no_json(
    content: str, headers: tuple[str, ...], filename: str
) -> None:
    table = opened(content, filename=filename)

    assert (table.format in ("csv", "tsv"), table.headers) == (True, headers)
    assert len(list(table.rows)) == 2


@pytest.mark.parametrize(
    ("content", "format_"),
    [
        pytest.param('[{"a":1},{"a":2}]', "json", id="list"),
        pytest.param('[\n  {\n    "a": 1\n  },\n  {"a": 2}\n]\n', "json", id="pretty_list"),
        pytest.param('{\n  "data": [\n    {"a": 1}, {"a": 2}\n  ]\n}\n', "json", id="pretty_wrapper"),
        pytest.param('{"a":1}\n{"a":2}\n', "ndjson", id="ndjson"),
        pytest.param('{"a":1}\r\n{"a":2}\r\n', "ndjson", id="ndjson_with_crlf"),
    ],
)
@pytest.mark.parametrize("filename", ["", "x.csv", "x.txt"])
def test_json_under_any_name_is_json(content: str, format_: str, filename: str) -> None:
    table = opened(content, filename=filename)

    assert table.format == format_
    assert given(table.rows) == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize(
    "content",
    ["[", '[{"a', '{"a":1', "[{'a': 1}]", "{a: 1}", '{"a":1,}', "[1,\n2,\n3", "[nul", '["a', '{"a":1}}', "[1, -"],
)
def test_damaged_json_is_told_as_such(content: str) -> None:
    assert looks_like_json(content)
    assert refusal_of(content.encode()).code == "invalid_json"


@pytest.mark.parametrize("content", ["{id},name\n1,Ann\n", "[1] Acme,Steel\n[2] Bolt,Wood\n", "[id];b\n1;2\n"])
def test_a_table_that_is_called_json_is_read_as_one(content: str) -> None:
    table = opened(content, filename="x.json")

    assert table.format == "csv"
    assert [problem.code for problem in table.findings] == ["extension_misleads"]


def test_json_beyond_the_depth_of_the_parser_is_still_json() -> None:
    assert looks_like_json("[" * 100_000)
