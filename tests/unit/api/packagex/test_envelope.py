"""The envelope around everything, and the two kinds of pages."""

from http import HTTPStatus

import pytest

from chalicelib.api.packagex.envelope import envelope, render_cursor_page, render_page


def test_an_answer_has_every_field_of_the_envelope() -> None:
    response = envelope(HTTPStatus.CREATED, "Created.", data={"id": 1}, endpoint="/v1/imports")

    assert (response.status_code, response.headers["Content-Type"]) == (201, "application/json")
    assert response.body == {
        "message": "Created.",
        "data": {"id": 1},
        "status": 201,
        "errors": [],
        "code": None,
        "events": [],
        "pagination": None,
        "endpoint": "/v1/imports",
    }


def test_no_data_is_an_empty_object() -> None:
    assert envelope(HTTPStatus.OK, "", endpoint="/").body["data"] == {}


@pytest.mark.parametrize(("page", "total", "has_more"), [(1, 10, False), (1, 11, True), (2, 20, False), (3, 20, False)])
def test_a_numbered_page_knows_whether_there_are_more(page: int, total: int, has_more: bool) -> None:
    assert render_page(page, 10, total)["has_more"] == has_more


@pytest.mark.parametrize("cursor", [None, "abc"])
def test_a_cursor_leads_to_more(cursor: str | None) -> None:
    page = render_cursor_page(25, cursor)

    assert (page["has_more"], page["cursor"], page["total_count"]) == (cursor is not None, cursor, None)
