"""Work objects: what the tasks of an import hand to each other, in a bucket, under the import and its attempt.

Rows never travel through the state machine; they lie here in batches. Blocks of positional rows, one JSON line each,
cost a third of an object per row; nobody but this module knows their shape.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, replace
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import Any, TypeVar
from zlib import crc32

import orjson
from pydantic import TypeAdapter

from chalicelib.errors import NotFound
from chalicelib.formats import Cut
from chalicelib.formats.storable import storable
from chalicelib.model.ids import RecordId
from chalicelib.model.imports import Import, PhaseName
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.rows import Departure, Draft, Outcome, Row
from chalicelib.rules.duplicates import Drop, Naming
from chalicelib.stores.interfaces import Files

BLOCK_ROWS = 1_000

One = TypeVar("One")


BATCHES_PER_SPAN = 10_000
"""Batches are numbered span by span, so that their numbers are in file order and known before the spans are read."""

FINDINGS_KEPT = 10_000

Winners = dict[int, str]
"""Of a phase: by task, the token of the try whose result counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """How the import is cut: how many tasks the phases have. Written by plan."""

    spans: int = 1
    partitions: int = 1
    """Of keys: fixed before the rows are counted, from the size of the source."""
    shards: int = 0
    """Of the record store; 0 where the action needs no cleanup."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What lies before a span: a span numbers its rows and lines from 1, as it cannot know."""

    rows: int = 0
    lines: int = 0


BEGINNING = Origin()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """What was found out about the source on reading it."""

    format: str
    headers: tuple[str, ...] = ()
    """Of tabular formats."""
    keys: tuple[str, ...] | None = ()
    """Of JSON rows, in order of appearance; None where there are too many to remember."""
    findings: tuple[Problem, ...] = ()


class Work:
    """The work objects of one attempt of one import, as seen by one try of one task.

    A try writes under its own token; readers see what the winning tries wrote, as the gate of the phase has recorded
    them. A late or doubled try can therefore change nothing. Readers are lazy; writers take a whole batch.
    """

    def __init__(self, files: Files, import_: Import, *, token: str) -> None:
        self._files = files
        self._prefix = f"work/{import_.tenant_id}/{import_.import_id}/{import_.attempt}"
        self._winners: dict[PhaseName, Winners] = {}
        self._origins: list[Origin] = []
        self._manifest: Manifest | None = None
        self._shares: int | None = None
        self.token = token

    def write_manifest(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._write_one("manifest", asdict(manifest))

    def get_manifest(self) -> Manifest:
        """Raises NotFound where no plan was made."""
        if self._manifest is None:
            self._manifest = Manifest(**self._read_one("manifest"))
        return self._manifest

    def write_shares(self, shares: int) -> None:
        """Into how many each partition is divided among tasks: known when the keys have been counted."""
        self._write_one("shares", shares)

    def get_shares(self) -> int:
        if self._shares is None:
            self._shares = int(self._read_one("shares"))
        return self._shares

    def write_batches(self, batches: list[int]) -> None:
        """The numbers of all batches, in file order: known when prevalidation has ended."""
        self._write_one("batches", batches)

    def get_batches(self) -> list[int]:
        return [int(one) for one in self._read_one("batches")]

    def write_winners(self, phase: PhaseName, winners: Winners) -> None:
        self._write_one(f"{phase}/winners", list(winners.items()))

    def mark_begun(self, phase: PhaseName, task: int, at: float) -> None:
        """Before a try's first write outside its work objects, and before the look that allows it."""
        self._write_one(f"{phase}/begun/{task}", at)

    def find_begun_at(self, phase: PhaseName, task: int) -> float | None:
        """When the latest try of the task has marked it; epoch seconds."""
        try:
            return float(self._read_one(f"{phase}/begun/{task}"))
        except NotFound:
            return None

    def write_cut(self, cut: Cut) -> None:
        self._write_one("cut", cut)

    def get_cut(self) -> Cut:
        """Raises NotFound where the source is one span."""
        return _cuts().validate_python(self._read_one("cut"))

    def write_origins(self, origins: list[Origin]) -> None:
        """By span: known when prevalidation has ended. From now on what it wrote reads with numbers of the whole."""
        self._write_one("origins", [astuple(one) for one in origins])

    def write_facts(self, span: int, facts: SourceFacts) -> None:
        findings = [_from_problem(one) for one in facts.findings]
        content = {"format": facts.format, "headers": facts.headers, "keys": facts.keys, "findings": findings}
        self._write(PhaseName.PREVALIDATION, f"source/{span}", [content], lambda one: one)

    def get_facts(self) -> SourceFacts:
        """What all spans have found, each thing once. Raises NotFound where the source was never opened."""
        spans = sorted(self._get_winners(PhaseName.PREVALIDATION))
        parts = [part for span in spans for part in self._each(PhaseName.PREVALIDATION, span, f"source/{span}", dict)]
        if not parts:
            raise NotFound("not_found", "The source was never opened.")
        findings = {orjson.dumps(one): one for part in parts for one in part["findings"]}
        return SourceFacts(
            format=parts[0]["format"],
            headers=tuple(parts[0]["headers"]),
            keys=_united([part["keys"] for part in parts]),
            findings=tuple(map(_to_problem, islice(findings.values(), FINDINGS_KEPT))),
        )

    def write_rows(self, batch: int, rows: Iterable[Row]) -> None:
        self._write(PhaseName.PREVALIDATION, f"rows/{batch}", rows, lambda row: (row.number, row.line, row.given))

    def each_row(self, batch: int) -> Iterator[Row]:
        origin = self._origin_of(PhaseName.PREVALIDATION, batch)
        decode = lambda row: Row(row[0] + origin.rows, row[1] + origin.lines, row[2])  # noqa: E731
        return self._each(PhaseName.PREVALIDATION, span_of(batch), f"rows/{batch}", decode)

    def write_drafts(self, phase: PhaseName, batch: int, drafts: Iterable[Draft]) -> None:
        """The drafts that go on from a phase."""
        self._write(phase, f"drafts/{batch}", drafts, _from_draft)

    def each_draft(self, phase: PhaseName, batch: int) -> Iterator[Draft]:
        origin = self._origin_of(phase, batch)
        return self._each(phase, _task_of(phase, batch), f"drafts/{batch}", lambda one: _to_draft(one, origin))

    def write_departures(self, phase: PhaseName, batch: int, departures: Iterable[Departure]) -> None:
        """The rows that left the road in a phase."""
        self._write(phase, f"departures/{batch}", departures, _from_departure)

    def each_departure(self, phase: PhaseName, batch: int) -> Iterator[Departure]:
        """Nothing where the phase has not come to an end for this batch."""
        origin = self._origin_of(phase, batch)
        return self._each(phase, _task_of(phase, batch), f"departures/{batch}", lambda one: _to_departure(one, origin))

    def write_namings(self, phase: PhaseName, batch: int, partition: int, namings: Iterable[Naming]) -> None:
        """The keys of a batch that fall into a partition; `phase` is the one that found them."""
        self._write(phase, f"namings/{partition}/{batch}", namings, lambda one: (one.key, one.batch, one.row_number))

    def each_naming(self, phase: PhaseName, batch: int, partition: int) -> Iterator[Naming]:
        task, rows = _task_of(phase, batch), self._origin_of(phase, batch).rows
        decode = lambda one: Naming(one[0], one[1], one[2] + rows)  # noqa: E731
        return self._each(phase, task, f"namings/{partition}/{batch}", decode)

    def write_drops(self, phase: PhaseName, batch: int, task: int, drops: Iterable[Drop]) -> None:
        """What one task of a phase decided about one batch."""
        self._write(phase, f"drops/{batch}/{task}", drops, astuple)

    def get_drops(self, phase: PhaseName, batch: int, partitions: int) -> dict[int, Drop]:
        """By row number; a row that several keys would drop is dropped once, under the lowest task's key."""
        drops: dict[int, Drop] = {}
        for task in range(partitions * self.get_shares()):
            for drop in self._each(phase, task, f"drops/{batch}/{task}", lambda one: Drop(*one)):
                drops.setdefault(drop.row_number, drop)
        return drops

    def write_named(self, batch: int, shard: int, ids: Iterable[RecordId]) -> None:
        """Records of a shard that rows of the batch name: an overwrite spares them."""
        self._write(PhaseName.TRANSFORMING, f"named/{shard}/{batch}", ids, str)

    def each_named(self, batch: int, shard: int) -> Iterator[RecordId]:
        return self._each(PhaseName.TRANSFORMING, batch, f"named/{shard}/{batch}", RecordId)

    def write_failed_keys(self, batch: int, keys: Iterable[str]) -> None:
        """Identity keys of rows that failed in prevalidation."""
        self._write(PhaseName.PREVALIDATION, f"failed_keys/{batch}", keys, str)

    def each_failed_key(self, batch: int) -> Iterator[str]:
        return self._each(PhaseName.PREVALIDATION, span_of(batch), f"failed_keys/{batch}", str)

    def _write(self, phase: PhaseName, name: str, ones: Iterable[One], encode: Callable[[One], object]) -> None:
        """Nothing to say is not written: an absent object reads as empty."""
        rest = iter(ones)
        lines: list[bytes] = []
        while block := [encode(one) for one in islice(rest, BLOCK_ROWS)]:
            lines.append(_dumped(block))
        if lines:
            self._files.write_file(f"{self._prefix}/{phase}/{name}.{self.token}", b"".join(lines))

    def _each(self, phase: PhaseName, task: int, name: str, decode: Callable[[Any], One]) -> Iterator[One]:
        token = self._get_winners(phase).get(task)
        try:
            content = self._files.read_file(f"{self._prefix}/{phase}/{name}.{token}") if token else b""
        except NotFound:
            return
        for line in content.splitlines():
            for one in orjson.loads(line):
                yield decode(one)

    def _get_winners(self, phase: PhaseName) -> Winners:
        """Empty while the phase has not passed its gate."""
        if not self._winners.get(phase):
            try:
                self._winners[phase] = dict(self._read_one(f"{phase}/winners"))
            except NotFound:
                return {}
        return self._winners[phase]

    def _origin_of(self, phase: PhaseName, batch: int) -> Origin:
        """Whatever later phases write is numbered in the whole already."""
        if phase is not PhaseName.PREVALIDATION or not span_of(batch):
            return BEGINNING
        if not self._origins:
            self._origins = [Origin(*one) for one in self._read_one("origins")]
        return self._origins[span_of(batch)]

    def _write_one(self, name: str, content: object) -> None:
        self._files.write_file(f"{self._prefix}/{name}.json", orjson.dumps(content))

    def _read_one(self, name: str) -> Any:
        return orjson.loads(self._files.read_file(f"{self._prefix}/{name}.json"))


def span_of(batch: int) -> int:
    return batch // BATCHES_PER_SPAN


def partition_of(key: str, partitions: int) -> int:
    """The same key falls into the same partition, on every machine and at every try."""
    return crc32(key.encode()) % partitions


def share_of(key: str, partitions: int, shares: int) -> int:
    """Within its partition."""
    return crc32(key.encode()) // partitions % shares


def _task_of(phase: PhaseName, batch: int) -> int:
    """Prevalidation's tasks are spans; wherever else rows are handled, they are batches."""
    return span_of(batch) if phase is PhaseName.PREVALIDATION else batch


def _dumped(block: Sequence[object]) -> bytes:
    """A line. What orjson declines is rare, so that it is looked for only then."""
    try:
        return orjson.dumps(block, default=_exact, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        return orjson.dumps(storable(block), default=_exact, option=orjson.OPT_APPEND_NEWLINE)


def _exact(value: object) -> object:
    """JSON sources give decimals; as text they lose nothing."""
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"no JSON value: {type(value).__name__}")


def _from_problem(problem: Problem) -> tuple[object, ...]:
    return problem.code, problem.row_number, problem.line, problem.field, problem.value, dict(problem.facts)


def _to_problem(stored: list[Any]) -> Problem:
    return Problem(ProblemCode(stored[0]), *stored[1:])


def _to_problems(stored: list[list[Any]], origin: Origin) -> list[Problem]:
    problems = [_to_problem(one) for one in stored]
    if origin is BEGINNING:
        return problems
    return [
        replace(one, row_number=one.row_number + origin.rows, line=one.line and one.line + origin.lines)
        for one in problems
    ]


def _from_draft(draft: Draft) -> tuple[object, ...]:
    problems = [_from_problem(one) for one in draft.problems]
    return (
        draft.row_number,
        draft.line,
        draft.fields,
        draft.identity_keys,
        draft.record_id,
        draft.is_match,
        problems,
    )


def _to_draft(stored: list[Any], origin: Origin) -> Draft:
    row_number, line, fields, identity_keys, record_id, is_match, problems = stored
    return Draft(
        row_number + origin.rows,
        line + origin.lines,
        fields,
        identity_keys,
        record_id,
        is_match,
        _to_problems(problems, origin) if problems else [],
    )


def _from_departure(departure: Departure) -> tuple[object, ...]:
    problems = [_from_problem(one) for one in departure.problems]
    return departure.row_number, departure.line, departure.outcome, departure.record_id, problems


def _to_departure(stored: list[Any], origin: Origin) -> Departure:
    row_number, line, outcome, record_id, problems = stored
    return Departure(
        row_number + origin.rows,
        line + origin.lines,
        Outcome(outcome),
        record_id,
        _to_problems(problems, origin) if problems else [],
    )


def _united(parts: list[list[str] | None]) -> tuple[str, ...] | None:
    """Each key once, in order of appearance; None where one part does not know its keys."""
    known = [part for part in parts if part is not None]
    return tuple(dict.fromkeys(key for part in known for key in part)) if len(known) == len(parts) else None


@cache
def _cuts() -> TypeAdapter[Cut]:
    return TypeAdapter(Cut)
