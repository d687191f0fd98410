from local.pages import CONCURRENCY, PROBLEMS, problems_page, with_shares


def test_the_page_of_problem_codes_says_what_the_code_says() -> None:
    assert PROBLEMS.read_text() == problems_page(), "run `make pages`"


def test_the_page_of_concurrency_has_the_shares_as_they_are() -> None:
    page = CONCURRENCY.read_text()

    assert page == with_shares(page), "run `make pages`"
