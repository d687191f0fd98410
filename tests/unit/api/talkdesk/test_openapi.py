"""What Talkdesk tells of its routes is complete, in every type that it answers."""

from chalicelib.api.talkdesk import routes
from chalicelib.api.talkdesk.content_negotiation import DOCUMENTS
from chalicelib.api.talkdesk.openapi import DESCRIPTION
from tests.unit.api.features import superfluous, undescribed


def test_every_route_is_documented_and_nothing_else() -> None:
    [feature] = DESCRIPTION.features

    assert undescribed(feature) == set()
    assert superfluous(feature) == set()


def test_every_document_is_told_in_every_type() -> None:
    told = [one.content_type for one in DESCRIPTION.operations[routes.show_import].successes]

    assert told == list(DOCUMENTS)


def test_every_route_may_refuse_what_a_caller_does_not_accept() -> None:
    assert all("not_acceptable" in one.refusals for one in DESCRIPTION.operations.values())


def test_an_import_is_created_from_three_kinds_of_bodies() -> None:
    operation = DESCRIPTION.operations[routes.create_import]

    assert [operation.body_type, *(one.content_type for one in operation.other_bodies)] == [
        "application/json",
        "multipart/form-data",
        "text/csv",
    ]
