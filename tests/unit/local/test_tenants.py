"""Whose an item is: customers' text in it may name any other tenant."""

import pytest

from local.tenants import owner_of

MINE, OTHER = "6f1c2a4e-0000-4000-8000-000000000001", "6f1c2a4e-0000-4000-8000-000000000002"
IMPORT, DIGEST = f"imp_{'a' * 26}", "0f" * 32


@pytest.mark.parametrize(
    ("item", "owner"),
    [
        ({"pk": f"IMPORT#{MINE}#{IMPORT}", "sk": "-", "name": f"copy of {OTHER}"}, MINE),
        ({"pk": f"CLAIM#{MINE}#contacts#name={OTHER}", "sk": "-"}, MINE),
        ({"pk": f"REC#{MINE}#contacts#3", "sk": OTHER, "doc": f'{{"name":"{OTHER}"}}'}, MINE),
        ({"pk": f"PROFILES#{MINE}", "sk": OTHER}, MINE),
        ({"pk": "WATCHED-IMPORT", "sk": f"{MINE}#{IMPORT}"}, MINE),
        ({"pk": f"RESULT#{IMPORT}#1#parsing", "sk": "0001"}, IMPORT),
        ({"pk": f"KEY#{DIGEST}", "sk": "-", "name": OTHER}, DIGEST),
        ({"pk": "SLOT#imports#3", "sk": "-", "holder": IMPORT}, IMPORT),
        ({"id": f"{MINE}#POST /v1/imports#{OTHER}"}, MINE),
        ({"pk": "CURSOR#reaper", "sk": "-", "place": f"{MINE}#{IMPORT}"}, MINE),
        ({"pk": "SLOT#imports#4", "sk": "-"}, None),
    ],
    ids=lambda value: value["pk"].partition("#")[0] if isinstance(value, dict) and "pk" in value else None,
)
def test_the_first_name_in_the_key_says_whose_an_item_is(item: dict[str, str], owner: str | None) -> None:
    assert owner_of({name: {"S": value} for name, value in item.items()}) == owner
