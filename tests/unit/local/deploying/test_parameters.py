import json
from pathlib import Path
from typing import Any

import pytest

from local.deploying.parameters import (
    DEPLOYMENT,
    DIGITS,
    complete_parameters,
    largest_concurrency,
    name_deployment,
    read_parameters,
)

TEMPLATE: dict[str, Any] = {
    "Parameters": {
        "Stage": {},
        "Deployment": {},
        "CorsOrigin": {},
        "Limits": {},
        "AccountConcurrency": {"AllowedValues": ["10", "100", "1000"]},
    }
}


def test_words_and_files_are_read_in_order(tmp_path: Path) -> None:
    file = tmp_path / "prod.json"
    file.write_text(json.dumps({"CorsOrigin": "https://a.example", "Limits": {"batch_rows": 400}}))

    given = read_parameters([str(file), "CorsOrigin=https://b.example?x=1"], TEMPLATE)

    assert given == {"CorsOrigin": "https://b.example?x=1", "Limits": '{"batch_rows": 400}'}


@pytest.mark.parametrize("word", ["Corsorigin=*", "Stage=dev", "Deployment=0123456789"])
def test_what_is_no_parameter_of_the_operator_is_refused(word: str) -> None:
    with pytest.raises(SystemExit, match="There are: AccountConcurrency, CorsOrigin, Limits"):
        read_parameters([word], TEMPLATE)


@pytest.mark.parametrize("content", [None, "{", "[1]"])
def test_what_is_no_file_of_parameters_is_refused(content: str | None, tmp_path: Path) -> None:
    file = tmp_path / "prod.json"
    if content is not None:
        file.write_text(content)

    with pytest.raises(SystemExit, match=r"prod\.json"):
        read_parameters([str(file)], TEMPLATE)


def test_what_is_not_given_stays_as_the_stack_has_it_if_the_template_still_knows_it() -> None:
    before = {"Parameters": [{"ParameterKey": name} for name in ("Limits", "CorsOrigin", "Retired", "Stage")]}

    complete = complete_parameters({"CorsOrigin": "*"}, TEMPLATE, "prod", before)

    assert complete == {"Limits": None, "CorsOrigin": "*", "Stage": "prod"}


@pytest.mark.parametrize(("account", "value"), [(5, "10"), (10, "10"), (999, "100"), (3000, "1000")])
def test_a_new_stack_takes_no_more_concurrency_than_the_account_has(account: int, value: str) -> None:
    assert largest_concurrency(account, TEMPLATE) == value


def stack_that_has(status: str = "UPDATE_COMPLETE", **values: str) -> dict[str, Any]:
    had = [{"ParameterKey": name, "ParameterValue": value} for name, value in values.items()]
    return {"StackStatus": status, "LastUpdatedTime": "2026-12-01T02:36:05Z", "Parameters": had}


def test_a_deployment_that_changes_nothing_has_the_name_of_the_last_one() -> None:
    first = name_deployment({"Limits": "{}", "Stage": "prod"}, "package", None)
    before = stack_that_has(Limits="{}", Stage="prod", Deployment=first)

    again = name_deployment({"Limits": None, "Stage": "prod", DEPLOYMENT: None}, "package", before)

    assert again == first
    assert len(first) == 2 * DIGITS


@pytest.mark.parametrize(
    ("wanted", "package"),
    [({"Limits": '{"batch_rows": 400}', "Stage": "prod"}, "package"), ({"Limits": None, "Stage": "prod"}, "other")],
    ids=["another value", "another package"],
)
def test_every_change_gives_a_deployment_a_name_that_begins_otherwise(wanted: Any, package: str) -> None:
    first = name_deployment({"Limits": "{}", "Stage": "prod"}, "package", None)
    before = stack_that_has(Limits="{}", Stage="prod", Deployment=first)

    changed = name_deployment(wanted, package, before)

    assert changed[:DIGITS] != first[:DIGITS]


def test_what_is_tried_again_after_a_rollback_is_published_anew_once() -> None:
    first = name_deployment({"Limits": "{}"}, "package", stack_that_has(Limits="{}", Deployment="0" * 20))
    rolled_back = stack_that_has("UPDATE_ROLLBACK_COMPLETE", Limits="{}", Deployment="0" * 20)

    retried = name_deployment({"Limits": "{}"}, "package", rolled_back)
    afterwards = name_deployment({"Limits": None}, "package", stack_that_has(Limits="{}", Deployment=retried))

    assert retried[:DIGITS] != first[:DIGITS]
    assert afterwards == retried
