"""Statements are spelled as DynamoDB reads them, whatever stands in their values."""

import orjson
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.stores.dynamodb.statements import StatementText, inserted, number_value, text_value

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS, st.integers(-(10**20), 10**20))
def test_values_are_read_as_they_were_given(text: str, number: int) -> None:
    statement = StatementText('UPDATE "t" SET "a"=? WHERE "b"=?').with_values(text_value(text), number_value(number))

    assert orjson.loads(statement) == {
        "Statement": 'UPDATE "t" SET "a"=? WHERE "b"=?',
        "Parameters": [{"S": text}, {"N": str(number)}],
    }


def test_what_looks_like_a_place_for_a_value_is_none_in_a_value() -> None:
    statement = StatementText("a=? b=?").with_values(text_value('%b ? "\n'), text_value("%"))

    assert orjson.loads(statement)["Parameters"] == [{"S": '%b ? "\n'}, {"S": "%"}]


def test_an_item_is_inserted_with_a_place_for_each_attribute() -> None:
    assert inserted('INSERT INTO "t"', "pk", "sk") == "INSERT INTO \"t\" VALUE {'pk': ?, 'sk': ?}"
