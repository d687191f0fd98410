"""What is to be imported is checked before anything is started."""

from pathlib import Path

import pytest

from chalicelib.model.imports import Action
from local.demo import check_arguments
from local.paths import SAMPLE


def test_without_a_file_the_sample_is_taken() -> None:
    assert check_arguments(None, "customers").file == SAMPLE


def test_a_resource_goes_by_its_singular_too(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.touch()

    assert check_arguments(str(file), "Contact").resource.name == "contacts"


def test_a_file_that_does_not_exist_is_named() -> None:
    with pytest.raises(SystemExit, match=r"There is no file '/nowhere/mine.csv'"):
        check_arguments("/nowhere/mine.csv", "customers")


def test_an_unknown_resource_is_answered_with_those_that_exist() -> None:
    with pytest.raises(SystemExit, match=r"no resource 'invoices'.*contacts, customers"):
        check_arguments(None, "invoices")


def test_the_action_is_checked() -> None:
    assert check_arguments(None, "customers", "overwrite").action is Action.OVERWRITE
    with pytest.raises(SystemExit, match="There is no action 'replace'"):
        check_arguments(None, "customers", "replace")
