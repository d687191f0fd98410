"""The identities, required fields and references of customers, by which callers know what a row must give."""

from chalicelib.model.catalogue.customers import CUSTOMERS


def test_customers_are_found_by_their_identities() -> None:
    assert [one.name for one in CUSTOMERS.identities] == ["id", "external_id", "email"]
    assert [one.name for one in CUSTOMERS.match_fields] == []


def test_a_new_customer_must_give_what_is_required() -> None:
    assert CUSTOMERS.required == ("name",)
    assert CUSTOMERS.any_of == ()


def test_customers_name_records_of_these_resources() -> None:
    assert [(one.field, one.resource, one.is_required) for one in CUSTOMERS.references] == []
