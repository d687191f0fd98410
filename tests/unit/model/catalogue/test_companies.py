"""The identities, required fields and references of companies, by which callers know what a row must give."""

from chalicelib.model.catalogue.companies import COMPANIES


def test_companies_are_found_by_their_identities() -> None:
    assert [one.name for one in COMPANIES.identities] == ["id", "external_id", "domain"]
    assert [one.name for one in COMPANIES.match_fields] == ["name", "phone", "email"]


def test_a_new_company_must_give_what_is_required() -> None:
    assert COMPANIES.required == ("name",)
    assert COMPANIES.any_of == ()


def test_companies_name_records_of_these_resources() -> None:
    assert [(one.field, one.resource, one.is_required) for one in COMPANIES.references] == []
