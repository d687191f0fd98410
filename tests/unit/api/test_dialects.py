"""The document of all dialects: made once, with each of them in it."""

from chalicelib.api.dialects import DESCRIPTIONS, openapi_document


def test_each_dialect_has_a_tag() -> None:
    names = [one["name"] for one in openapi_document()["tags"]]

    assert names == ["PackageX", "cStar", "Kasar", "Talkdesk", "Service"]


def test_no_two_dialects_share_a_route() -> None:
    routes = [(route.method, route.path) for description in DESCRIPTIONS for route in description.routes]

    assert len(set(routes)) == len(routes)


def test_the_document_is_made_once() -> None:
    assert openapi_document() is openapi_document()
