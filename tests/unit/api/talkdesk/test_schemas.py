"""The schemas of Talkdesk's documents have the fields that are rendered."""

from typing import Any

import pytest

from chalicelib.api.talkdesk import openapi_examples as examples
from chalicelib.api.talkdesk.adapter import render_document
from chalicelib.api.talkdesk.content_negotiation import HAL, HAL_FORMS
from chalicelib.api.talkdesk.schemas import (
    TalkdeskImport,
    TalkdeskImports,
    TalkdeskImportsWithTemplates,
    TalkdeskRecord,
    TalkdeskRecords,
    TalkdeskToken,
)

RECORDS: Any = examples.records().body


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        pytest.param(examples.waiting().body, TalkdeskImport, id="an import"),
        pytest.param(render_document(examples.imports(), "", HAL), TalkdeskImports, id="a page of imports"),
        pytest.param(
            render_document(examples.imports(), "", HAL_FORMS), TalkdeskImportsWithTemplates, id="with templates"
        ),
        pytest.param(RECORDS, TalkdeskRecords, id="a page of records"),
        pytest.param(RECORDS["_embedded"]["records"][0], TalkdeskRecord, id="a record"),
        pytest.param(examples.token(), TalkdeskToken, id="a token"),
    ],
)
def test_a_document_has_the_fields_of_its_schema(value: dict[str, object], schema: Any) -> None:
    assert schema.__required_keys__ <= set(value) <= schema.__required_keys__ | schema.__optional_keys__
