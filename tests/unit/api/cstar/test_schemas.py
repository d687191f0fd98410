"""The schemas of cStar's answers have the fields that are rendered."""

from typing import Any

import pytest

from chalicelib.api.cstar.openapi import import_result, json_export, logs
from chalicelib.api.cstar.schemas import (
    CStarExport,
    CStarExportAnswer,
    CStarImportAnswer,
    CStarImportResult,
    CStarLog,
    CStarLogsAnswer,
    CStarPageMeta,
    CStarRowError,
)

RESULT, EXPORT, LOGS = import_result(), json_export(), logs()


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        pytest.param(RESULT, CStarImportAnswer, id="an import"),
        pytest.param(RESULT["data"], CStarImportResult, id="its result"),
        pytest.param(RESULT["data"]["errors"][0], CStarRowError, id="an error"),
        pytest.param(EXPORT, CStarExportAnswer, id="an export"),
        pytest.param(EXPORT["data"], CStarExport, id="its records"),
        pytest.param(LOGS, CStarLogsAnswer, id="logs"),
        pytest.param(LOGS["data"][0], CStarLog, id="a log"),
        pytest.param(LOGS["meta"], CStarPageMeta, id="a page"),
    ],
)
def test_an_answer_has_the_fields_of_its_schema(value: dict[str, object], schema: Any) -> None:
    assert set(value) == set(schema.__annotations__)
