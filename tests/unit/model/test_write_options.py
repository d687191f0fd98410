"""What goes together in a file, and what does not."""

from typing import Any

import pytest

from chalicelib.errors import Refused
from chalicelib.model.write_options import ExportFormat, LineEnd, Nesting, Rendering


@pytest.mark.parametrize(
    ("param", "given"),
    [
        ("delimiter", {"delimiter": "x"}),
        ("delimiter", {"delimiter": ",", "format": ExportFormat.TSV}),
        ("delimiter", {"delimiter": ";", "format": ExportFormat.JSON}),
        ("has_bom", {"has_bom": True, "format": ExportFormat.NDJSON}),
        ("has_bom", {"has_bom": True, "format": ExportFormat.XLSX}),
        ("line_end", {"line_end": LineEnd.LF, "format": ExportFormat.JSON}),
        ("nesting", {"nesting": Nesting.FLATTEN, "format": ExportFormat.JSON}),
        ("time_zone", {"time_zone": "Europe/Paris", "format": ExportFormat.NDJSON}),
        ("time_zone", {"time_zone": "Mars/Olympus"}),
        ("time_zone", {"time_zone": "../etc/passwd"}),
        ("datetime_format", {"datetime_format": "YYYY", "format": ExportFormat.JSON}),
        ("datetime_format", {"datetime_format": "YYYY q"}),
        ("datetime_format", {"datetime_format": "-" * 65}),
    ],
)
def test_a_choice_that_means_nothing_is_refused(param: str, given: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refusal:
        Rendering(**given)

    assert (refusal.value.code, refusal.value.param) == ("invalid_option", param)


def test_names_and_types_of_files_follow_the_format() -> None:
    packed = Rendering(format=ExportFormat.NDJSON, is_gzipped=True)

    assert (Rendering().suffix, Rendering().content_type) == (".csv", "text/csv; charset=utf-8")
    assert (packed.suffix, packed.content_type) == (".ndjson.gz", "application/gzip")
