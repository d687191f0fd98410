"""A retry with corrections does what an import of the corrected file does: the same outcome for every row, the same
records under the same ids, whatever the resource, the action and the format.

Left out are corrections that make a row mean what another row has written: that one stays, whatever their order; and
rows that fail because of what the store holds, which other rows of the file may have changed before they are tried
again.
"""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from random import Random
from typing import Any

import pytest

from chalicelib.imports.workspace import Workspace
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.imports import Action, DuplicateHandling, Import, Status
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.phases import PhaseName
from chalicelib.model.row_rules import RowRules
from tests.fuzzing import FUZZ
from tests.random_rows import random_rows
from tests.retries import imported, outcomes_of, records, retried, rows_of
from tests.world import OURS, World

ROWS = 8
IN_BATCHES = Limits(small_source_bytes=0, batch_rows=4, split_bytes=256)
WRONG = "no such thing \x01"
ACTIONS = [one for one in Action if one is not Action.OVERWRITE]
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Case:
    """A file with errors, and the same file without."""

    resource: str
    action: Action
    handling: DuplicateHandling
    rules: RowRules
    limits: Limits
    is_csv: bool
    dirty: Rows
    clean: Rows
    before: Rows

    @property
    def options(self) -> dict[str, Any]:
        return {
            "resource": self.resource,
            "action": self.action,
            "duplicate_handling": self.handling,
            "rules": self.rules,
        }

    def source(self, rows: Rows) -> bytes:
        if not self.is_csv:
            return "\n".join(map(json.dumps, rows)).encode()
        text = StringIO()
        writer = csv.writer(text)
        names = [*dict.fromkeys(name for row in self.clean for name in row)]
        writer.writerows([names, *([as_cell(row.get(name)) for name in names] for row in rows)])
        return text.getvalue().encode()

    def world(self) -> World:
        """Returns a world with records."""
        world = World(self.limits)
        imported(world, "\n".join(map(json.dumps, self.before)).encode(), "imp_before", resource=self.resource)
        return world


def as_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return ",".join(value) if isinstance(value, list) else json.dumps(value)


def a_case(resource: str, seed: int) -> Case:
    chance = Random(f"{resource} {seed}")
    is_csv = chance.random() < 0.5
    clean = [row or {"name": "x"} for row in random_rows(RESOURCES[resource], chance, ROWS)]
    identities = [one.name for one in RESOURCES[resource].identities if one.name != "id" and len(one.fields) == 1]
    match_by = tuple(chance.sample(identities, 1)) if identities and chance.random() < 0.3 else ()
    return Case(
        resource=resource,
        action=chance.choice(ACTIONS),
        handling=chance.choice([*DuplicateHandling]),
        rules=RowRules(match_by=match_by),
        limits=chance.choice([DEFAULT_LIMITS, IN_BATCHES]),
        is_csv=is_csv,
        dirty=[spoiled(row, chance) if chance.random() < 0.4 else row for row in clean],
        clean=clean,
        before=random_rows(RESOURCES[resource], chance, 6),
    )


def spoiled(row: dict[str, Any], chance: Random) -> dict[str, Any]:
    """With one or two fields that cannot be read."""
    names = chance.sample([*row], min(len(row), chance.randint(1, 2)))
    return row | dict.fromkeys(names, f"{WRONG} \x02")


def corrections(case: Case, failed: set[int]) -> dict[int, Mapping[str, Any]]:
    """What differs, of rows that failed; in a file of cells a blank one clears nothing, so nothing stands for it."""
    found: dict[int, Mapping[str, Any]] = {}
    for number in failed:
        dirty, clean = case.dirty[number - 1], case.clean[number - 1]
        values = {name: clean[name] for name in clean if clean[name] != dirty[name]}
        if case.is_csv:
            values = {name: as_cell(value) for name, value in values.items()}
        if values:
            found[number] = values
    return found


def keys_of_rows(world: World, import_: Import) -> dict[int, set[str]]:
    """All that rows are named by: identities, and records that they match."""
    workspace, found = Workspace(world.stores.files, import_, attempt_id=""), dict[int, set[str]]()
    for phase in (PhaseName.PREVALIDATION, PhaseName.TRANSFORMING):
        for one in workspace.shuffled.each_keyed_rows(phase, 0):
            for key, number in zip(one.keys, one.row_numbers, strict=True):
                found.setdefault(number, set()).add(key)
    return found


def claims(world: World, resource: str) -> dict[str, set[str]]:
    """The identities of all records, by id."""
    shards = world.stores.records.shard_count(OURS, resource)
    found = [one for shard in range(shards) for one in world.stores.records.each_record(OURS, resource, shard)]
    return {one.record_id: {*one.claims} for one in found}


def meets_others(case: Case, wanted: World, import_: Import, retried_rows: set[int]) -> bool:
    """Whether a row that is tried again is named like one that is not, or like a record that such a one changes."""
    keys, before, after = (
        keys_of_rows(wanted, import_),
        claims(case.world(), case.resource),
        claims(wanted, case.resource),
    )
    own = set().union(*(keys.get(number, set()) for number in retried_rows))
    others = set().union(*(of for number, of in keys.items() if number not in retried_rows))
    for row in rows_of(wanted, import_):
        if row.outcome and row.outcome.record_id and row.number not in retried_rows:
            others |= before.get(row.outcome.record_id, set()) | after.get(row.outcome.record_id, set())
    return bool(own & others)


def in_two_parts(
    rows: dict[int, Mapping[str, Any]],
) -> tuple[dict[int, Mapping[str, Any]], dict[int, Mapping[str, Any]]]:
    """Half of the rows are corrected first; the others have failed again by then."""
    first = {number: values for number, values in rows.items() if number % 2}
    return first, {number: values for number, values in rows.items() if number not in first}


def is_comparable(case: Case, root: Import, at_once: Import) -> bool:
    """A line of blank cells is no row of a CSV file."""
    blank = case.is_csv and not all(any(as_cell(value).strip() for value in row.values()) for row in case.clean)
    return bool(root.stats.failed) and root.status is at_once.status is Status.COMPLETED and not blank


@pytest.mark.parametrize("resource", sorted(RESOURCES))
def test_a_retry_does_what_an_import_of_the_corrected_file_does(resource: str) -> None:
    compared = 0
    for seed in range(FUZZ or 12):
        case = a_case(resource, seed)
        wanted = case.world()
        at_once = imported(wanted, case.source(case.clean), **case.options)
        world = case.world()
        root = imported(world, case.source(case.dirty), **case.options)
        if not is_comparable(case, root, at_once):
            continue
        failed = {number for number, outcome in outcomes_of(world, root).items() if outcome == "failed"}
        if meets_others(case, wanted, at_once, failed):
            continue

        outcomes = outcomes_of(world, root)
        first, rest = in_two_parts(corrections(case, failed))
        is_divisible = not any(meets_others(case, wanted, at_once, one) for one in ({*first}, failed - {*first}))
        for some in (first, rest) if is_divisible else (first | rest,):
            child = retried(world, root, some)
            assert child.status == "completed", (seed, child.reason)
            assert {*outcomes_of(world, child)} == {n for n, outcome in outcomes.items() if outcome == "failed"}
            outcomes |= outcomes_of(world, child)
            if "failed" not in outcomes.values():
                break

        compared += 1
        assert outcomes == outcomes_of(wanted, at_once), (seed, case)
        assert records(world, resource) == records(wanted, resource), (seed, case)
    assert compared >= 2, compared
