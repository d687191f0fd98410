"""The identities, required fields and references of tickets, by which callers know what a row must give."""

from chalicelib.model.catalogue.tickets import TICKETS


def test_tickets_are_found_by_their_identities() -> None:
    assert [one.name for one in TICKETS.identities] == ["id", "external_id"]
    assert [one.name for one in TICKETS.match_fields] == []


def test_a_new_ticket_must_give_what_is_required() -> None:
    assert TICKETS.required == ("title",)
    assert TICKETS.any_of == ()


def test_tickets_name_records_of_these_resources() -> None:
    assert [(one.field, one.resource, one.is_required) for one in TICKETS.references] == [
        ("customerId", "customers", False)
    ]
