"""A package is made again when, and only when, something it is made of changed."""

from pathlib import Path

import pytest

from local.fingerprint import fingerprint, wheels_fingerprint


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "chalicelib").mkdir()
    (tmp_path / "chalicelib" / "errors.py").write_text("x = 1")
    (tmp_path / "requirements.txt").write_text("a==1")
    return tmp_path


@pytest.mark.parametrize("changed", ["app.py", "chalicelib/errors.py", "requirements.txt", "template.yaml"])
def test_a_changed_source_changes_the_fingerprint(project: Path, changed: str) -> None:
    before = fingerprint(project, "local", "3.11")

    (project / changed).write_text("other")

    assert fingerprint(project, "local", "3.11") != before


def test_a_file_that_is_not_packaged_changes_nothing(project: Path) -> None:
    before = fingerprint(project, "local", "3.11")

    (project / "README.md").write_text("other")

    assert fingerprint(project, "local", "3.11") == before


def test_code_does_not_change_the_wheels(project: Path) -> None:
    before = wheels_fingerprint(project, "3.11")

    (project / "chalicelib" / "errors.py").write_text("other")

    assert wheels_fingerprint(project, "3.11") == before


def test_each_stage_has_a_fingerprint_of_its_own(project: Path) -> None:
    assert fingerprint(project, "dev", "3.13") != fingerprint(project, "prod", "3.13")


def test_another_runtime_changes_the_package_and_its_wheels(project: Path) -> None:
    assert fingerprint(project, "dev", "3.13 compiled") != fingerprint(project, "dev", "3.13 as source")
    assert wheels_fingerprint(project, "3.11") != wheels_fingerprint(project, "3.12")
