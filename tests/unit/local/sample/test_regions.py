import pytest

from local.sample.regions import REGIONS, latin


@pytest.mark.parametrize(("text", "expected"), [("Ødegård & Sønner", "odegardsonner"), ("Łukasz", "lukasz"), ("", "")])
def test_a_name_has_a_spelling_for_addresses(text: str, expected: str) -> None:
    assert latin(text) == expected


def test_only_one_company_has_an_international_domain() -> None:
    names = [one for region in set(REGIONS) for one in (*region.given, *region.family, *region.companies)]

    assert [one.latin for one in names if not one.latin.isascii() or not one.latin] == ["müller-söhne"]
