"""What is said of texts in JSON Schemas."""

from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter

from chalicelib.api.openapi.schema_words import LINE, one_of, text


@pytest.mark.parametrize(
    ("annotated", "schema"),
    [
        pytest.param(Annotated[str, one_of(["a", "b"])], {"type": "string", "enum": ["a", "b"]}, id="words"),
        pytest.param(
            Annotated[str, text(1, 9)], {"type": "string", "minLength": 1, "maxLength": 9, "pattern": LINE}, id="a line"
        ),
    ],
)
def test_the_schema_says_what_the_type_does_not(annotated: Any, schema: dict[str, object]) -> None:
    assert TypeAdapter(annotated).json_schema() == schema
