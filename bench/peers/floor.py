"""csv.reader, a pydantic model per row, orjson: what a careful engineer would write by hand for prevalidation."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Json, StringConstraints, ValidationError

from bench.contestant import RunRound
from bench.customers import customers_csv

Short = Annotated[str, StringConstraints(max_length=255)]
Tags = Annotated[list[str], BeforeValidator(lambda text: text.split(","))]


class Customer(BaseModel):
    """The address is judged by a pattern: email-validator, which pydantic would use, is twenty times slower."""

    model_config = ConfigDict(str_strip_whitespace=True)

    external_id: Short = Field(alias="Customer ID")
    name: Annotated[str, StringConstraints(min_length=1, max_length=255)] = Field(alias="Full Name")
    email: Annotated[str, StringConstraints(pattern=r"^[\w.+-]+@[\w-]+(\.[\w-]+)+$")] = Field(alias="E-mail")
    phone: Annotated[str, StringConstraints(pattern=r"^\+[0-9 ]{7,20}$")] = Field(alias="Phone Number")
    company: Short = Field(alias="Company Name")
    status: Annotated[Literal["active", "inactive"], BeforeValidator(str.lower)] = Field(alias="Status")
    sentiment: Literal["happy", "neutral", "frustrated", "angry", "positive", "negative"] = Field(alias="Sentiment")
    since: date = Field(alias="Member Since")
    tags: Tags = Field(alias="Tags")
    notes: str = Field(alias="Notes")
    custom_fields: Json[dict[str, Any]] = Field(alias="Custom Fields")


def each_valid(content: bytes, problems: list[dict[str, Any]]) -> Iterator[Customer]:
    """Lazily; what is wrong with other rows goes to `problems`, with row number, field and value."""
    lines = csv.reader(io.StringIO(content.decode(), newline=""))
    headers = next(lines)
    for number, cells in enumerate(lines, 1):
        try:
            yield Customer.model_validate(dict(zip(headers, cells, strict=True)))
        except ValidationError as error:
            problems += [
                {"row": number, "code": one["type"], "field": one["loc"], "value": one["input"]}
                for one in error.errors(include_url=False)
            ]


def prevalidate(rows: int) -> RunRound:
    """To JSON lines in memory, good rows and problems."""
    content = customers_csv(rows)

    def run_round() -> int:
        problems: list[dict[str, Any]] = []
        lines = [orjson.dumps(one.model_dump()) + b"\n" for one in each_valid(content, problems)]
        assert b"".join(lines)
        assert orjson.dumps(problems)
        return rows

    return run_round


def validate(rows: int) -> RunRound:
    """The models alone: nothing is written."""
    content = customers_csv(rows)

    def run_round() -> int:
        problems: list[dict[str, Any]] = []
        good = sum(1 for _ in each_valid(content, problems))
        assert 0 < good < rows
        return rows

    return run_round
