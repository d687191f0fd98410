"""Changes of items become requests as DynamoDB takes them."""

from chalicelib.stores.dynamodb.item_changes import Along, Counter, Counters, ItemChange, SameAs


def test_a_change_sets_removes_and_copies_and_leaves_its_token() -> None:
    change = ItemChange("a", {"name": "b", "old": None, "until": SameAs("kept")}, "#status = :meant", {"meant": "c"})

    request = change.to_update("t1")

    assert request["UpdateExpression"] == "SET #name = :name, #until = #kept, #token = :token REMOVE #old"
    assert request["ConditionExpression"] == "#status = :meant"
    assert request["ExpressionAttributeValues"] == {":meant": {"S": "c"}, ":name": {"S": "b"}, ":token": {"S": "t1"}}
    assert set(request["ExpressionAttributeNames"]) == {"#name", "#old", "#until", "#kept", "#token", "#status"}


def test_a_change_of_an_item_that_was_read_demands_its_token() -> None:
    change = ItemChange.of_item({"pk": "a", "token": "t0"}, {"name": "b"})

    request = change.to_update("t1")

    assert request["ConditionExpression"] == "#token = :token_read"
    assert request["ExpressionAttributeValues"][":token_read"] == {"S": "t0"}


def test_a_counter_with_a_limit_is_increased_below_it_only() -> None:
    counted, uncounted = (Counter(pk="c", sk="-", limit=3, by=by).to_update() for by in (1, -1))

    assert counted["ConditionExpression"] == "attribute_not_exists(#used) OR #used < :limit"
    assert counted["ExpressionAttributeValues"][":limit"] == {"N": "3"}
    assert "ConditionExpression" not in uncounted


def test_numbers_of_one_item_change_together() -> None:
    request = Counters(pk="c", sk="d", by={"count#a": 1, "count#b": -1}, expires_at=9).to_update()

    assert request["UpdateExpression"] == "ADD #n0 :n0, #n1 :n1 SET #expires_at = :expires_at"
    assert request["ExpressionAttributeNames"] == {"#n0": "count#a", "#n1": "count#b", "#expires_at": "expires_at"}
    assert request["ExpressionAttributeValues"][":n1"] == {"N": "-1"}


def test_what_is_put_is_not_removed_in_the_same_transaction() -> None:
    along = Along(
        put=[{"pk": "a", "sk": "1"}],
        removed=[("a", "1"), ("a", "2"), ("a", "2")],
        counters=[Counters(pk="c", sk="-", by={"used": 1})],
    )

    writes = along.to_writes("control")

    assert [
        (verb, write.get("Key", write.get("Item"))["sk"]["S"]) for one in writes for verb, write in one.items()
    ] == [
        ("Put", "1"),
        ("Delete", "2"),
        ("Update", "-"),
    ]
    assert {write["TableName"] for one in writes for write in one.values()} == {"control"}
