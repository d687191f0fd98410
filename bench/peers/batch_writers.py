"""A CSV of customers into DynamoDB as it is mostly written by hand: rows judged, repeated customers left out, and what
is left given to boto3's `batch_writer`.

Each customer is one item. Nothing is claimed or looked up, nothing stands on a condition, and no file tells anybody
which rows were wrong: a second import writes everything anew.
"""

import io
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import polars as pl

from bench.aws_session import new_session
from bench.certificates import certificate_in
from bench.contestant import RunRound
from bench.customers import customers_csv
from bench.loopback import start
from bench.peers.floor import each_valid

Items = Iterable[dict[str, Any]]
EMAIL, PHONE = r"^[\w.+-]+@[\w-]+(\.[\w-]+)+$", r"^\+[0-9 ]{7,20}$"
COLUMNS = {
    "Customer ID": "external_id",
    "Full Name": "name",
    "E-mail": "email",
    "Phone Number": "phone",
    "Company Name": "company",
    "Status": "status",
    "Sentiment": "sentiment",
    "Member Since": "since",
    "Tags": "tags",
    "Notes": "notes",
    "Custom Fields": "custom_fields",
}


def write_by_hand(rows: int) -> RunRound:
    """csv, a pydantic model for each row, batch_writer."""
    return _written(rows, _each_by_pydantic, table_at(start()))


def write_by_hand_over_tls(rows: int) -> RunRound:
    """The same over TLS."""
    certificate = certificate_in()
    return _written(rows, _each_by_pydantic, table_at(start(served=certificate.served), certificate.authority))


def write_frame(rows: int) -> RunRound:
    """polars, column by column, batch_writer."""
    return _written(rows, each_by_polars, table_at(start()))


def table_at(url: str, authority: Path | None = None) -> Any:
    """Returns boto3's table whose DynamoDB answers at this URL."""
    return new_session().resource("dynamodb", endpoint_url=url, verify=str(authority or "") or None).Table("plain")


def _written(rows: int, each_item: Callable[[bytes], Items], table: Any) -> RunRound:
    content = customers_csv(rows)

    def run_round() -> int:
        written = 0
        with table.batch_writer() as batch:
            for item in each_item(content):
                batch.put_item(Item=item)
                written += 1
        assert 0 < written < rows
        return rows

    return run_round


def _each_by_pydantic(content: bytes) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    problems: list[dict[str, Any]] = []
    for customer in each_valid(content, problems):
        if customer.external_id not in seen:
            seen.add(customer.external_id)
            yield {"pk": "customers", "sk": customer.external_id, **customer.model_dump(mode="json")}


def each_by_polars(content: bytes) -> Iterator[dict[str, Any]]:
    """Yields the items of rows that are well formed, one for each customer."""
    frame = pl.read_csv(io.BytesIO(content), infer_schema=False).select(
        pl.col(header).str.strip_chars().alias(name) for header, name in COLUMNS.items()
    )
    judged = frame.with_columns(pl.col("since").str.to_date(strict=False), pl.col("status").str.to_lowercase()).filter(
        pl.col("name").str.len_chars().is_between(1, 255),
        pl.col("email").str.contains(EMAIL),
        pl.col("phone").str.contains(PHONE),
        pl.col("status").is_in(["active", "inactive"]),
        pl.col("sentiment").is_in(["happy", "neutral", "frustrated", "angry", "positive", "negative"]),
        pl.col("since").is_not_null(),
    )
    distinct = judged.unique("external_id", keep="first", maintain_order=True)
    spelled = distinct.with_columns(pl.col("since").dt.to_string(), pl.col("tags").str.split(","))
    for item in spelled.iter_rows(named=True):
        yield {"pk": "customers", "sk": item["external_id"], **item}
