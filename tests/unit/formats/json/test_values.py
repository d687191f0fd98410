"""What no work object can hold becomes what it can, and nothing else is touched."""

import orjson
import pytest

from chalicelib.formats.json.values import storable


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(2**64 - 1, 2**64 - 1, id="64_bits"),
        pytest.param(2**64, "18446744073709551616", id="beyond_64_bits"),
        pytest.param(-(2**63) - 1, "-9223372036854775809", id="beyond_64_bits_below"),
        pytest.param(True, True, id="boolean"),
        pytest.param("Zoë 😀", "Zoë 😀", id="text"),
        pytest.param("a\ud8adb", "a\ufffdb", id="lone_surrogate"),
        pytest.param({"\ud800": [None, ("\udfff", 1.5)]}, {"\ufffd": [None, ["\ufffd", 1.5]]}, id="nested"),
    ],
)
def test_a_value_becomes_one_that_can_be_stored(value: object, expected: object) -> None:
    assert storable(value) == expected
    assert type(storable(value)) is type(expected)
    orjson.dumps(storable(value))
