"""What was found out about the source on reading it: by each split, united for the whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import orjson

from chalicelib.imports.workspace.codec import from_problem, to_problem
from chalicelib.model.problems import Problem

FINDINGS_KEPT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSummary:
    """What was found out about the source on reading it."""

    format: str
    headers: tuple[str, ...] = ()
    """Of tabular formats."""
    keys: tuple[str, ...] = ()
    """Of JSON rows, in order of appearance."""
    findings: tuple[Problem, ...] = ()
    widest: int = 0
    """Cells of the longest row that something is wrong with."""
    column_mapping: dict[str, str] = field(default_factory=dict)
    """That of the earlier import, if this source is its errors file and the import has no mapping of its own."""
    comes_from: str = ""
    """The id of the import whose errors file this source is; empty also where the import has a mapping of its own."""


def from_summary(summary: SourceSummary) -> dict[str, Any]:
    """Returns a summary as it is stored."""
    return {
        **{"format": summary.format, "headers": summary.headers, "keys": summary.keys, "widest": summary.widest},
        **{"column_mapping": summary.column_mapping, "comes_from": summary.comes_from},
        "findings": [from_problem(one) for one in summary.findings],
    }


def to_summary(parts: Sequence[Mapping[str, Any]]) -> SourceSummary:
    """Returns what the splits of a source have found out together, as it is stored of each, in file order; there is one
    at least.
    """
    findings = {orjson.dumps(one): one for part in parts for one in part["findings"]}
    return SourceSummary(
        format=parts[0]["format"],
        headers=tuple(parts[0]["headers"]),
        keys=tuple(dict.fromkeys(key for part in parts for key in part["keys"])),
        findings=tuple(map(to_problem, islice(findings.values(), FINDINGS_KEPT))),
        widest=max(part["widest"] for part in parts),
        column_mapping=parts[0]["column_mapping"],
        comes_from=parts[0]["comes_from"],
    )
