"""Whatever a request brings along, the API function has read or refused it long before its time is over.

The sources that once took the most are imported in a process of their own, within the function's memory. `make fuzz`
sends all of them.
"""

import os

import pytest

from chalicelib.model.limits import DEFAULT_LIMITS
from tests.hostile_sources import RECORDS, SOURCES
from tests.requests_apart import request_apart

API_MB, MOST_S = 400, 10
WORST = {
    "json_numbers": "too_large",
    "json_empty_lists": "too_large",
    "json_known_then_unknown_keys": "too_many_columns",
    "json_wrapped_rows": "too_large",
    "ndjson_rubbish": "too_large",
    "csv_short_rows": "too_large",
    "csv_undecodable_utf8_far_behind": "too_large",
    "gzip_rows": "too_large",
}
"""With what becomes of them. They took up to half a minute each, or more than the memory there is."""


def test_the_worst_are_read_or_refused_in_time() -> None:
    done = request_apart([*WORST], most_mb=API_MB, most_s=MOST_S)

    assert done.outcomes == WORST, done.errors
    assert done.peak_mb < API_MB


@pytest.mark.skipif(not os.environ.get("FUZZ"), reason="all of them take minutes: make fuzz")
@pytest.mark.parametrize("name", [*SOURCES, *RECORDS])
def test_all_are_read_or_refused_in_time(name: str) -> None:
    done = request_apart([name], most_mb=API_MB, most_s=MOST_S)

    assert name in done.outcomes, done.errors
    assert done.seconds[name] < DEFAULT_LIMITS.inline_read_cpu_s + 2
