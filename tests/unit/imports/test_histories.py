"""Whatever is imported, previewed, confirmed, tried again and undone, one after the other in any order: every row has
one outcome, and the records are those of a model that knows neither versions nor claims.
"""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.errors import Conflict
from chalicelib.imports.confirm import confirm
from chalicelib.imports.retry import Correction, RetryRequest, retry
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.rows import Outcome, Value
from tests.import_world import run_import
from tests.undoing import UndoWorld, as_source

IN_BATCHES = Limits(small_source_bytes=0, batch_rows=2)
WRONG = "wrong@"
PEOPLE = ("ann@x.com", "bob@x.com", "cy@x.com", WRONG)
NAMES = ("Ann", "Bob", "Cy")

Row = dict[str, Any]
ROWS = st.lists(
    st.fixed_dictionaries({"email": st.sampled_from(PEOPLE), "name": st.sampled_from(NAMES)}),
    min_size=1,
    max_size=4,
    unique_by=lambda row: row["email"],
)
STEP = st.one_of(
    st.tuples(st.sampled_from(["run", "preview"]), ROWS),
    st.tuples(st.sampled_from(["confirm", "undo", "undo", "retry"]), st.integers(0, 9)),
)


@dataclass
class State:
    """A record as one import has left it; no name stands for a deleted one."""

    name: str | None
    by: ImportId
    restored_of: ImportId | None = None
    """Who had made it, where an undo has brought it back."""

    @property
    def maker(self) -> ImportId:
        return self.restored_of or self.by


@dataclass
class Person:
    """One record, from its creation on."""

    email: str
    states: list[State] = field(default_factory=list)

    @property
    def name(self) -> str | None:
        return self.states[-1].name

    def find_before(self, import_id: ImportId) -> State | None:
        """What it was before the import, which has left it as it is now. The first state is that of no record."""
        last = self.states[-1]
        is_own = last.by == import_id
        place = next(
            number
            for number in reversed(range(len(self.states)))
            if self.states[number].by == import_id and (is_own or self.states[number].restored_of is None)
        )
        return self.states[place - 1] if place else None


class Model:
    """What should be stored."""

    def __init__(self) -> None:
        self.people: list[Person] = []
        self.undone_by: dict[ImportId, ImportId] = {}
        """By undo, what it has undone."""

    def find(self, email: str) -> Person | None:
        return next((one for one in self.people if one.email == email and one.name is not None), None)

    def names(self) -> dict[str, str]:
        return {one.email: one.name for one in self.people if one.name is not None}

    def import_rows(self, import_id: ImportId, rows: Sequence[Row], *, is_done: bool = True) -> Counter[str]:
        """Returns the outcomes of the rows, and does what they say."""
        outcomes: Counter[str] = Counter()
        for row in rows:
            person = self.find(row["email"])
            if row["email"] == WRONG:
                outcomes["failed"] += 1
                continue
            if person is not None and person.name == row["name"]:
                outcomes["unchanged"] += 1
                continue
            outcomes["created" if person is None else "updated"] += 1
            if is_done:
                person = person or self._new(row["email"])
                person.states.append(State(row["name"], import_id))
        return outcomes

    def _new(self, email: str) -> Person:
        self.people.append(Person(email))
        return self.people[-1]

    def undo(self, undone_id: ImportId, undo_id: ImportId) -> Counter[str]:
        """Returns the outcomes of an undo, and does it: what others have changed since is kept, as is what an earlier
        undo has done.
        """
        outcomes: Counter[str] = Counter()
        self.undone_by[undo_id] = undone_id
        for person in [one for one in self.people if any(state.by == undone_id for state in one.states)]:
            last = person.states[-1]
            if self.undone_by.get(last.by) == undone_id:
                outcomes["unchanged"] += 1
                continue
            if undone_id not in (last.by, last.restored_of):
                outcomes["skipped"] += 1
                continue
            before = person.find_before(undone_id)
            if before is None or before.name is None:
                outcomes["deleted"] += 1
                person.states.append(State(None, undo_id, before.maker if before else None))
            elif last.name is None and self.find(person.email):
                outcomes["failed"] += 1
            else:
                outcomes["created" if last.name is None else "updated"] += 1
                person.states.append(State(before.name, undo_id, before.maker))
        return outcomes


class History:
    """A world, the model of it, and what was imported so far."""

    def __init__(self, limits: Limits) -> None:
        self.world, self.model = UndoWorld(limits), Model()
        self.imports: list[Import] = []
        self.rows: dict[ImportId, list[Row]] = {}

    def take(self, kind: str, what: Any) -> None:
        """Takes one step. What is refused changes nothing."""
        if kind in ("run", "preview"):
            self._import(what, is_preview=kind == "preview")
        elif self.imports:
            with suppress(Conflict):
                getattr(self, f"_{kind}")(self.imports[what % len(self.imports)])

    def _import(self, rows: list[Row], *, is_preview: bool) -> None:
        import_ = self.world.run(as_source(rows), is_preview=is_preview)
        expected = self.model.import_rows(import_.import_id, rows, is_done=not is_preview)
        self._ended(import_, expected, rows)

    def _confirm(self, preview: Import) -> None:
        child = confirm(self.world.context, self.world.caller, preview.import_id)
        rows = self.rows[preview.import_id]
        self._ended(self._run(child), self.model.import_rows(child.import_id, rows), rows)

    def _undo(self, undone: Import) -> None:
        undo = self.world.undo(undone)
        self._ended(undo, self.model.undo(undone.import_id, undo.import_id), [])

    def _retry(self, root: Import) -> None:
        numbers = [number for number, row in enumerate(self.rows[root.import_id], 1) if row["email"] == WRONG]
        values: dict[str, Value] = {"email": f"{root.import_id}@x.com"}
        corrections = [Correction(row_number=number, values=values) for number in numbers]
        wanted = RetryRequest(include=frozenset({Outcome.FAILED}), corrections=corrections)
        if not numbers:
            return
        child = retry(self.world.context, self.world.caller, root.import_id, wanted)
        rows = [self.rows[root.import_id][number - 1] | values for number in numbers]
        self.rows[root.import_id] = [one for one in self.rows[root.import_id] if one["email"] != WRONG]
        self._ended(self._run(child), self.model.import_rows(child.import_id, rows), rows)

    def _run(self, child: Import) -> Import:
        run_import(self.world.machine, child)
        return self.world.get(child)

    def _ended(self, import_: Import, expected: Counter[str], rows: list[Row]) -> None:
        stats = import_.stats
        found = Counter({one.value: getattr(stats, one.value) for one in Outcome})
        assert +found == expected, (import_, expected)
        assert stats.total == stats.accounted == expected.total()
        self.imports.append(import_)
        self.rows[import_.import_id] = rows
        assert {str(one.fields["email"]): one.fields["name"] for one in self.world.records()} == self.model.names()


@settings(max_examples=25, deadline=None)
@given(limits=st.sampled_from([DEFAULT_LIMITS, IN_BATCHES]), steps=st.lists(STEP, min_size=2, max_size=8))
def test_after_any_steps_the_records_are_those_of_the_model(limits: Limits, steps: list[tuple[str, Any]]) -> None:
    history = History(limits)

    for kind, what in steps:
        history.take(kind, what)
