"""What Talkdesk clients may ask for."""

from typing import Any

import pytest

from chalicelib.api.http.request_model import read_body, read_query
from chalicelib.api.talkdesk import TEMPLATES
from chalicelib.api.talkdesk.requests import (
    TalkdeskImportRequest,
    TalkdeskPageQuery,
    to_import_request,
)
from chalicelib.errors import Refused
from chalicelib.imports.create import NOTHING_STATED, StatedUpload
from chalicelib.model.imports import Action
from chalicelib.model.limits import DEFAULT_LIMITS

MD5 = "9F2E6C0C1B4D4F0E8A7B5D3C2E1F0A9B"


def test_a_type_says_action_header_and_required_columns() -> None:
    request = to_import_request("DELETE_USERS", "users.csv", DEFAULT_LIMITS)

    assert (request.dialect, request.resource, request.action) == ("talkdesk", "users", Action.DELETE)
    assert request.rules.header == TEMPLATES[Action.DELETE] == ("Current Email",)
    assert request.rules.max_rows == DEFAULT_LIMITS.talkdesk_import_rows


@pytest.mark.parametrize(
    ("metadata", "stated"),
    [
        (None, NOTHING_STATED),
        (
            {"byte_size": 9, "checksum": MD5},
            StatedUpload(
                content_type="text/csv", size_bytes=9, size_param="csv_metadata.byte_size", checksum=MD5.lower()
            ),
        ),
    ],
)
def test_what_is_known_of_the_file_is_stated(metadata: Any, stated: StatedUpload) -> None:
    body = read_body(TalkdeskImportRequest, {"type": "CREATE_USERS", "csv_metadata": metadata})

    assert body.to_stated_upload() == stated


@pytest.mark.parametrize("metadata", [{"byte_size": 0, "checksum": MD5}, {"byte_size": 9, "checksum": "short"}])
def test_impossible_metadata_is_refused(metadata: Any) -> None:
    with pytest.raises(Refused):
        read_body(TalkdeskImportRequest, {"type": "CREATE_USERS", "csv_metadata": metadata})


@pytest.mark.parametrize("query", [{"page": "0"}, {"per_page": "101"}])
def test_pages_are_numbered_from_1_and_hold_100_at_most(query: dict[str, str]) -> None:
    with pytest.raises(Refused):
        read_query(TalkdeskPageQuery, query)
