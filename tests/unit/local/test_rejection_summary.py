"""Rejected rows are summed up by problem."""

from local.api_json import Json
from local.rejection_summary import summarize_rejections


def row(number: int, *codes: str) -> Json:
    problems = [
        {"code": code, "field": "email", "value": f"value {number}", "message": f"{code}!", "hint": "Mend it."}
        for code in codes
    ]
    return {"_row_number": number, "_line": number + 1, "_outcome": "failed", "_problems": problems}


def test_the_most_frequent_problem_comes_first_with_its_first_row() -> None:
    first, second = summarize_rejections([row(2, "too_long"), row(5, "invalid_email"), row(7, "invalid_email")])

    assert (first.code, first.rows, first.row_number, first.value) == ("invalid_email", 2, 5, "value 5")
    assert (second.code, second.rows, second.row_number) == ("too_long", 1, 2)


def test_a_row_with_several_problems_counts_for_each_of_them() -> None:
    found = summarize_rejections([row(1, "invalid_email", "invalid_date")])

    assert {one.code: one.rows for one in found} == {"invalid_email": 1, "invalid_date": 1}


def test_a_problem_found_twice_in_a_row_is_one_row() -> None:
    (found,) = summarize_rejections([row(1, "not_a_choice", "not_a_choice")])

    assert (found.rows, found.times) == (1, 2)


def test_a_problem_without_field_and_value_shows_neither() -> None:
    rejected = row(1, "row_too_long")
    rejected["_problems"][0] |= {"field": None, "value": None}

    (found,) = summarize_rejections([rejected])

    assert (found.field, found.value) == ("", "")


def test_nothing_rejected_gives_nothing() -> None:
    assert summarize_rejections([]) == []
