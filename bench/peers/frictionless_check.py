"""frictionless validates the customers against a schema and reports what is wrong; it stores nothing."""

import os
import tempfile
from pathlib import Path
from typing import Any

from frictionless import Resource, Schema, validate

from bench.contestant import RunRound
from bench.customers import HEADER, customers_csv

KINDS: dict[str, dict[str, Any]] = {
    "Customer ID": {"constraints": {"maxLength": 255}},
    "Full Name": {"constraints": {"required": True, "maxLength": 255}},
    "E-mail": {"format": "email"},
    "Status": {"constraints": {"enum": ["active", "inactive", "Active"]}},
    "Member Since": {"type": "date"},
    "Custom Fields": {"type": "object"},
}


def check(rows: int) -> RunRound:
    folder = Path(tempfile.mkdtemp())
    os.chdir(folder)  # absolute paths it takes for unsafe
    Path("customers.csv").write_bytes(customers_csv(rows))
    fields = [{"name": name, "type": "string", **KINDS.get(name, {})} for name in HEADER.strip().split(",")]
    schema = Schema.from_descriptor({"fields": fields})

    def run_round() -> int:
        report = validate(Resource(path="customers.csv", schema=schema), limit_errors=rows)
        assert report.tasks[0].stats["rows"] == rows
        assert 0 < report.tasks[0].stats["errors"] < rows
        return rows

    return run_round
