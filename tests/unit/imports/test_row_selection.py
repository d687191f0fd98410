"""What is counted of rows says how many of them a filter takes: never fewer than it takes."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.imports.row_selection import RowFilter
from chalicelib.imports.workspace.row_pages import _counts_of
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.rows import Outcome, RowOutcome

CODES, FIELDS = [*ProblemCode][:3], [None, "email", "a|b"]
problems = st.lists(st.builds(Problem, st.sampled_from(CODES), field=st.sampled_from(FIELDS)), max_size=3)
rows = st.lists(
    st.builds(RowOutcome, st.just(1), st.just(1), st.sampled_from(Outcome), st.none(), problems), max_size=8
)
filters = st.builds(
    RowFilter,
    outcome=st.none() | st.sampled_from(Outcome),
    code=st.none() | st.sampled_from([code.value for code in CODES]),
    field=st.none() | st.sampled_from(["email", "a|b"]),
)


@given(rows, filters)
def test_counts_tell_whether_any_row_is_taken(page: list[RowOutcome], filter_: RowFilter) -> None:
    taken = sum(filter_.takes(one) for one in page)
    counted = filter_.count(_counts_of(page) or {})

    assert bool(taken) == bool(counted)
    if filter_.code is None and filter_.field is None:
        assert counted == taken


def test_an_outcome_is_counted_once_whatever_problems_its_rows_have() -> None:
    page = [RowOutcome(1, 2, Outcome.FAILED, None, [Problem(CODES[0], field="a"), Problem(CODES[1], field="b")])]

    assert Counter(_counts_of(page))[Outcome.FAILED] == 1
