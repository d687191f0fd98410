"""dlt merges the customers into DuckDB by their id; it validates no values."""

import csv
import io
import tempfile

import dlt

from bench.contestant import RunRound
from bench.customers import customers_csv


def merge(rows: int) -> RunRound:
    content = customers_csv(rows).decode()

    def run_round() -> int:
        with tempfile.TemporaryDirectory() as folder:
            pipeline = dlt.pipeline(
                "bench_customers",
                destination=dlt.destinations.duckdb(f"{folder}/customers.duckdb"),
                dataset_name="bench_merged",
                pipelines_dir=folder,
            )
            pipeline.run(
                csv.DictReader(io.StringIO(content, newline="")),
                table_name="customers",
                write_disposition="merge",
                primary_key="Customer ID",
            )
        return rows

    return run_round
