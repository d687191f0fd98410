from pathlib import Path

import pytest

from local.client import ErrorResponse, type_of


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("people.csv", "text/csv"),
        ("people.json", "application/json"),
        ("people.csv.gz", "application/gzip"),
        ("people", "application/octet-stream"),
    ],
)
def test_the_name_of_a_file_says_its_media_type(name: str, expected: str) -> None:
    assert type_of(Path(name)) == expected


def test_an_error_response_says_its_status_and_its_body() -> None:
    assert str(ErrorResponse(404, '{"code": "not_found"}')) == '404 {"code": "not_found"}'
