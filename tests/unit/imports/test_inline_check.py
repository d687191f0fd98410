"""Sources that came with a request, judged before anything is stored."""

import gzip
from io import BytesIO

import pytest

from chalicelib.errors import Refused
from chalicelib.formats import open_table
from chalicelib.imports.inline_check import check_inline
from chalicelib.imports.request import ImportRequest
from chalicelib.model.imports import Action
from chalicelib.model.limits import DEFAULT_LIMITS, MB, Limits
from chalicelib.model.reading_budget import UNLIMITED


def refusal_of(content: bytes, action: Action = Action.MERGE) -> str | None:
    wanted = ImportRequest(dialect="packagex", resource="customers", action=action)
    table = open_table(BytesIO(content), wanted.reading, DEFAULT_LIMITS)
    try:
        check_inline(wanted, table, content, DEFAULT_LIMITS, UNLIMITED)
    except Refused as refusal:
        return refusal.code
    assert [row.number for row in table.rows][:1] == [1] * (content != b"[]")
    return None


@pytest.mark.parametrize(
    ("content", "action", "code"),
    [
        pytest.param(b"name\nAnn\n", Action.MERGE, None, id="header"),
        pytest.param(b"x,y\n1,2\n", Action.MERGE, "no_known_header", id="unknown header"),
        pytest.param(b"name\nAnn\n", Action.DELETE, "no_identity_column", id="header without identity"),
        pytest.param(b'[{"x":1},{"name":"Ann"}]', Action.MERGE, None, id="the second row knows a key"),
        pytest.param(b'[{"x":1},{"y":1}]', Action.MERGE, "no_known_header", id="unknown keys"),
        pytest.param(b'[{"x":1},{"name":"Ann"}]', Action.UPDATE, "no_identity_column", id="keys without identity"),
        pytest.param(b'[{"x":1,"id":"Ann"}]', Action.UPDATE, None, id="keys with one"),
        pytest.param(b"[]", Action.OVERWRITE, None, id="no rows"),
        pytest.param(b'["Ann","Ann"]', Action.OVERWRITE, None, id="rows that are no objects tell so themselves"),
    ],
)
def test_is_judged_by_what_its_headers_and_keys_feed(content: bytes, action: Action, code: str | None) -> None:
    assert refusal_of(content, action) == code


def test_no_more_rows_are_read_than_are_needed() -> None:
    """To read them all would be refused: they expand to more than is allowed."""
    content = gzip.compress(b'{"email":"ann@example.com"}\n' + b'{"x":1}\n' * 1_000_000)
    limits = Limits(expanded_bytes=4 * MB)
    wanted = ImportRequest(dialect="packagex", resource="customers", action=Action.OVERWRITE)
    table = open_table(BytesIO(content), wanted.reading, limits)

    check_inline(wanted, table, content, limits, UNLIMITED)

    with pytest.raises(Refused):
        list(table.rows)
