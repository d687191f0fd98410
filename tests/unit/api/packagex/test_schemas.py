"""The shared schemas are those of what the envelope really holds."""

from http import HTTPStatus

from chalicelib.api.packagex.envelope import envelope, render_cursor_page, render_page
from chalicelib.api.packagex.schemas import CursorPage, NumberedPage, PackageXEnvelope, PackageXRefusal


def test_the_envelope_has_the_fields_of_its_schema() -> None:
    body = envelope(HTTPStatus.OK, "", endpoint="/").body

    assert (
        set(body) == {*PackageXEnvelope.__annotations__, "data", "pagination"} == set(PackageXRefusal.__annotations__)
    )


def test_pages_have_the_fields_of_their_schemas() -> None:
    assert set(render_page(1, 10, 1)) == set(NumberedPage.__annotations__)
    assert set(render_cursor_page(10, None)) == set(CursorPage.__annotations__)
