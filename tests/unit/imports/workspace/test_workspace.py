"""Departures of some outcomes can be read without the others."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.imports.workspace import Workspace
from chalicelib.model.phases import PhaseName
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.rows import Outcome, RowOutcome
from chalicelib.stores import memory
from tests.import_world import ImportWorld

PHASE = PhaseName.PROCESSING
problems = st.lists(st.builds(Problem, st.sampled_from([*ProblemCode][:3]), st.integers(1, 9)), max_size=2)
outcomes = st.lists(
    st.builds(RowOutcome, st.integers(1, 9), st.integers(1, 9), st.sampled_from(Outcome), st.none(), problems),
    max_size=9,
)


@given(outcomes, st.frozensets(st.sampled_from(Outcome)))
def test_rows_of_some_outcomes_are_among_those_of_all(left: list[RowOutcome], outcomes: frozenset[Outcome]) -> None:
    workspace = Workspace(memory.stores().files, ImportWorld().queue("name\n"), attempt_id="t")
    workspace.write_committed_attempts(PHASE, {0: "t"})
    workspace.write_outcomes(PHASE, 0, left)

    found = [*workspace.each_outcome_of(outcomes, PHASE, 0)]

    assert found == [one for one in workspace.each_outcome(PHASE, 0) if one.outcome in outcomes]
    assert len(found) == sum(one.outcome in outcomes for one in left)
