"""What a fresh process imports before it knows what it is asked."""

import subprocess
import sys

import pytest

from local.paths import ROOT

SEEN = "import sys, app; print(*sys.modules, sep='\\n')"


@pytest.fixture(scope="module")
def imported() -> set[str]:
    done = subprocess.run([sys.executable, "-c", SEEN], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "name",
    [
        *(f"chalicelib.api.{dialect}" for dialect in ("talkdesk", "kasar", "packagex", "cstar", "openapi.document")),
        *(
            "chalicelib.imports.handlers",
            "chalicelib.exports.handlers",
            "chalicelib.imports.pipeline",
            "chalicelib.imports.tasks",
            "chalicelib.formats",
        ),
        *(
            "chalicelib.maintenance",
            "chalicelib.imports.reaper",
            "chalicelib.schedules.runner",
            "chalicelib.webhooks.delivery",
        ),
        *("boto3", "chardet", "cronsim", "email_validator", "phonenumbers", "python_multipart", "xlrd"),
    ],
)
def test_what_not_every_function_needs_is_not_imported(name: str, imported: set[str]) -> None:
    assert name not in imported
    assert "app" in imported
