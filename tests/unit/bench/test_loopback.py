import orjson
import pytest

from bench.loopback import answer, split_request
from bench.pages import OURS, PLAIN, pages_of

HEAD = b"POST / HTTP/1.1\r\nx-amz-target: DynamoDB_20120810.PutItem\r\nContent-Length: 2\r\n\r\n"


def test_a_request_is_taken_when_it_is_all_there() -> None:
    assert split_request(HEAD + b"{") is None
    assert split_request(HEAD[:30]) is None
    assert split_request(HEAD + b"{}POST") == ("PutItem", b"{}", len(HEAD) + 2)


def test_every_statement_is_said_to_be_performed() -> None:
    request = orjson.dumps({"Statements": [{"Statement": "INSERT", "Parameters": []}] * 3})

    assert orjson.loads(answer("BatchExecuteStatement", request, {})) == {"Responses": [{}, {}, {}]}


def test_a_table_without_records_has_one_empty_page() -> None:
    request = orjson.dumps({"TableName": OURS})

    for pages in ({}, {OURS: pages_of(OURS, 0)}):
        assert orjson.loads(answer("Query", request, pages))["Items"] == []


@pytest.mark.parametrize("table", [OURS, PLAIN])
def test_pages_lead_from_one_to_the_next_until_all_records_were_read(table: str) -> None:
    pages = {table: pages_of(table, 4000)}
    request = {"TableName": table}
    sizes = []
    while True:
        page = orjson.loads(answer("Query", orjson.dumps(request), pages))
        sizes.append(len(page["Items"]))
        if "LastEvaluatedKey" not in page:
            break
        request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    assert sum(sizes) == 4000
    assert len(sizes) > 1
