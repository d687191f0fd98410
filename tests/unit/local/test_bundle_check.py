"""A bundle that lacks something is refused, and the refusal names it."""

import sys
from pathlib import Path

import pytest

from local.bundle_check import IncompleteBundle, check_distributions, check_import


def test_a_missing_distribution_is_named(tmp_path: Path) -> None:
    (tmp_path / "Some_Thing-1.0.dist-info").mkdir()

    with pytest.raises(IncompleteBundle, match=r"not in the bundle: other-2\.0;"):
        check_distributions(tmp_path, "some.thing==1.0\nother==2.0\n    # via some.thing\n")


def test_a_distribution_in_another_version_is_missing(tmp_path: Path) -> None:
    (tmp_path / "thing-1.0.dist-info").mkdir()

    with pytest.raises(IncompleteBundle, match=r"thing-1\.1"):
        check_distributions(tmp_path, "thing==1.1")


def test_an_import_that_only_the_development_environment_satisfies_is_refused(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import pytest")

    with pytest.raises(IncompleteBundle, match="No module named 'pytest'"):
        check_import(tmp_path, Path(sys.executable))


def test_what_the_runtime_of_lambda_brings_need_not_be_in_the_bundle(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import chalicelib")
    (tmp_path / "chalicelib.py").write_text("import urllib3")

    check_import(tmp_path, Path(sys.executable))
