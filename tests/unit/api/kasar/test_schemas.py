"""The schemas of Kasar's answers have the fields that are rendered."""

import json
from typing import Any

import pytest

from chalicelib.api.kasar.errors import render_refusal
from chalicelib.api.kasar.openapi import import_result, json_export
from chalicelib.api.kasar.schemas import (
    KasarError,
    KasarExport,
    KasarImportResult,
    KasarRateLimited,
    KasarRefusal,
    KasarRowError,
)
from chalicelib.errors import Refused
from chalicelib.model.rate_limits import RateLimit, RateLimitStatus

STATUS = RateLimitStatus(rate_limit=RateLimit(300, 60), used=300, begins_at=60, is_exceeded=True)
REFUSAL = render_refusal(Refused("too_large", "Too large.")).body
LIMITED = render_refusal(Refused("rate_limited", "Slow.", rate_limit_status=STATUS, retry_after_s=1)).body


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        pytest.param(import_result(), KasarImportResult, id="an import"),
        pytest.param(import_result()["errors"][0], KasarRowError, id="an error"),
        pytest.param(json.loads(json_export().content), KasarExport, id="an export"),
        pytest.param(REFUSAL, KasarRefusal, id="a refusal"),
        pytest.param(REFUSAL["error"], KasarError, id="its error"),
        pytest.param(LIMITED, KasarRateLimited, id="a rate limit"),
    ],
)
def test_an_answer_has_the_fields_of_its_schema(value: dict[str, object], schema: Any) -> None:
    assert set(value) == set(schema.__annotations__)
