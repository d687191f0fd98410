"""Items of plain values, and changes that are recognised when they are sent again."""

from collections.abc import Iterator
from typing import Any, cast

import pytest

from chalicelib.stores.dynamodb.answers import ConditionFailed, TransactionCanceled
from chalicelib.stores.dynamodb.attributes import from_attributes, to_attributes
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.control_table import ControlTable
from chalicelib.stores.dynamodb.item_changes import Along


class Client:
    """Performs nothing: every condition fails, on the item that is given, with the token of the request if wanted."""

    def __init__(self, item: dict[str, Any], *, was_performed: bool) -> None:
        self._item = item
        self._was_performed = was_performed

    def call(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        sent = request.get("Item") or {"token": request["ExpressionAttributeValues"][":token"]}
        raise ConditionFailed(self._item | ({"token": sent["token"]} if self._was_performed else {}))


def table(*, was_performed: bool) -> ControlTable:
    client = Client({"pk": {"S": "a"}, "used": {"N": "3"}}, was_performed=was_performed)
    return ControlTable("control", cast(DynamoDBClient, client))


@pytest.mark.parametrize(
    ("value", "attribute"),
    [
        ("text", {"S": "text"}),
        (7, {"N": "7"}),
        (True, {"BOOL": True}),
        (b"\x00\xff", {"B": "AP8="}),
        (["a", 1], {"S": '["a",1]'}),
    ],
)
def test_a_value_has_one_way_to_be_written(value: object, attribute: dict[str, Any]) -> None:
    assert to_attributes({"name": value, "absent": None}) == {"name": attribute}


def test_values_are_read_as_they_were_written_and_json_stays_text() -> None:
    item = to_attributes({"text": "a", "number": 7, "flag": False, "bytes": b"x", "list": [1]})

    assert from_attributes(item) == {"text": "a", "number": 7, "flag": False, "bytes": b"x", "list": "[1]"}


@pytest.mark.parametrize("was_performed", [True, False])
def test_a_change_whose_answer_was_lost_counts_as_performed(*, was_performed: bool) -> None:
    control = table(was_performed=was_performed)

    assert control.put({"pk": "a"}, condition="attribute_not_exists(#pk)") is was_performed
    assert (
        control.set("a", {"name": "b"}, condition="#name = :old", parameters={"old": "c"}) is not None
    ) is was_performed
    assert control.count("a", "b", limit=5, expires_at=9) == (3 if was_performed else None)


def test_an_item_is_not_written_where_what_goes_along_with_it_is_refused() -> None:
    class Refusing:
        def call(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
            raise TransactionCanceled((None, ConditionFailed({})))

    control = ControlTable("control", cast(DynamoDBClient, Refusing()))

    assert (
        control.put_along(
            {"pk": "a", "sk": "-"}, Along(put=[{"pk": "b", "sk": "-"}]), condition="attribute_not_exists(#pk)"
        )
        is False
    )


@pytest.mark.parametrize(("page", "expected"), [(7, 7), (None, None)])
def test_a_partition_is_read_in_pages_of_the_length_that_is_wanted(page: int | None, expected: int | None) -> None:
    class Pages:
        def __init__(self) -> None:
            self.limits: list[int | None] = []

        def each_page(self, request: dict[str, Any]) -> Iterator[list[Any]]:
            self.limits.append(request.get("Limit"))
            yield []

    pages = Pages()

    assert list(ControlTable("control", cast(DynamoDBClient, pages)).each_of("a", page=page)) == []
    assert pages.limits == [expected]
