"""The identities, required fields and references of opportunities, by which callers know what a row must give."""

from chalicelib.model.catalogue.opportunities import OPPORTUNITIES


def test_opportunities_are_found_by_their_identities() -> None:
    assert [one.name for one in OPPORTUNITIES.identities] == ["id", "external_id"]
    assert [one.name for one in OPPORTUNITIES.match_fields] == ["name"]


def test_a_new_opportunity_must_give_what_is_required() -> None:
    assert OPPORTUNITIES.required == ("name",)
    assert OPPORTUNITIES.any_of == ()


def test_opportunities_name_records_of_these_resources() -> None:
    assert [(one.field, one.resource, one.is_required) for one in OPPORTUNITIES.references] == [
        ("company_name", "companies", False),
        ("contact_email", "contacts", False),
    ]
