"""Records as JSON and NDJSON, whole or from objects that are JSON already."""

from typing import Any

import orjson
import pytest

from chalicelib.formats.cells import WriteRequest
from chalicelib.formats.json.writer import JsonArray, JsonWriter, NdjsonWriter, compact_copy
from chalicelib.model.write_options import Rendering

RECORDS: list[dict[str, Any]] = [{"a": 1, "b": "x"}, {"b": None, "a": [1, {"c": 2}]}, {"a": 3}]
REQUEST = WriteRequest(["a", "b"], Rendering())


def test_ndjson_has_a_line_for_each_record_in_the_order_of_the_columns() -> None:
    written = b"".join(NdjsonWriter(REQUEST).each_chunk(RECORDS))

    assert written == b'{"a":1,"b":"x"}\n{"a":[1,{"c":2}],"b":null}\n{"a":3,"b":null}\n'


def test_json_is_an_array_with_a_line_for_each_record() -> None:
    writer = JsonWriter(REQUEST)

    written = writer.prefix + b"".join(writer.each_chunk(RECORDS[:2])) + writer.suffix

    assert written == b'[\n{"a":1,"b":"x"},\n{"a":[1,{"c":2}],"b":null}\n]\n'


def test_blocks_of_records_are_put_together() -> None:
    many = [{"a": number, "b": ""} for number in range(450)]
    writer = JsonWriter(REQUEST)

    chunks = list(writer.each_chunk(many))

    assert len(chunks) == 3
    assert orjson.loads(writer.prefix + b"".join(chunks) + writer.suffix) == many


@pytest.mark.parametrize("parts", [[], [2], [1, 1], [1, 2, 1]])
def test_an_array_of_finished_objects_is_the_same_file(parts: list[int]) -> None:
    rest = iter({"a": number, "b": "x"} for number in range(9))
    blocks = [[next(rest) for _ in range(size)] for size in parts]
    array, writer = JsonArray(), JsonWriter(REQUEST)

    made = b"".join(array.to_chunk(map(orjson.dumps, block)) for block in blocks) + array.closing()

    records = [record for block in blocks for record in block]
    assert made == writer.prefix + b"".join(writer.each_chunk(records)) + writer.suffix


def test_a_compact_copy_is_equal_and_another_object() -> None:
    text = orjson.dumps({"a": 1})

    assert compact_copy(text) == text
    assert compact_copy(text) is not text
