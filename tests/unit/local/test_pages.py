from local.pages import CONCURRENCY, PROBLEMS, SCALE, problems_page, with_model, with_shares


def test_the_page_of_problem_codes_says_what_the_code_says() -> None:
    assert PROBLEMS.read_text() == problems_page(), "run `make pages`"


def test_the_page_of_concurrency_has_the_shares_as_they_are() -> None:
    page = CONCURRENCY.read_text()

    assert page == with_shares(page), "run `make pages`"


def test_the_page_of_scale_has_what_the_model_gives_now() -> None:
    page = SCALE.read_text()

    assert page == with_model(page), "run `make pages`"
