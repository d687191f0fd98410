from local.pages import PROBLEMS, problems_page


def test_the_page_of_problem_codes_says_what_the_code_says() -> None:
    assert PROBLEMS.read_text() == problems_page(), "run `make pages`"
