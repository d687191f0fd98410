"""The import that a careful engineer writes first: Chalice, pydantic and boto3, a loop of put_item with conditions.

It looks its caller up, counts the request, checks every row, claims its e-mail address, writes its record, and notes
what it has done. A row whose address is taken is skipped.
"""

import time
from typing import Any

from boto3.dynamodb.conditions import Attr
from botocore.exceptions import ClientError
from chalice.app import Chalice
from pydantic import BaseModel, Field, ValidationError

TABLE = "plain"


class Row(BaseModel):
    """A customer."""

    name: str = Field(min_length=1, max_length=255)
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


def plain_app(dynamodb: Any) -> Chalice:
    """Returns an app with one route, over a table with the keys `pk` and `sk`."""
    app = Chalice(app_name="plain")
    table = dynamodb.Table(TABLE)

    @app.route("/import", methods=["POST"])
    def import_rows() -> dict[str, int]:
        assert app.current_request is not None, "a view is called with a request"
        body = app.current_request.json_body
        table.get_item(Key={"pk": "KEY#one", "sk": "-"}, ConsistentRead=True)
        table.update_item(
            Key={"pk": "REQUESTS#one", "sk": str(int(time.time()) // 60)},
            UpdateExpression="ADD used :one",
            ExpressionAttributeValues={":one": 1},
        )
        counts = {"created": 0, "skipped": 0, "failed": 0}
        for number, given in enumerate(body["records"]):
            counts[_outcome_of(table, f"{body['id']}-{number}", given)] += 1
        table.put_item(Item={"pk": f"IMPORT#{body['id']}", "sk": "-", **counts})
        return counts

    return app


def _outcome_of(table: Any, record_id: str, given: dict[str, str]) -> str:
    try:
        row = Row.model_validate(given)
    except ValidationError:
        return "failed"
    absent = Attr("pk").not_exists()
    try:
        claim = {"pk": f"CLAIM#{row.email.lower()}", "sk": "-", "record": record_id}
        table.put_item(Item=claim, ConditionExpression=absent)
        record = {"pk": f"REC#{record_id}", "sk": "-", **row.model_dump()}
        table.put_item(Item=record, ConditionExpression=absent)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return "skipped"
    return "created"
