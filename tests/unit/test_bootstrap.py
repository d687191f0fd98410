"""The composition root: ids, and the routes of each dialect by the beginning of their paths."""

import re

import pytest

from chalicelib.bootstrap import ROUTES, new_id, now, openapi_document


def test_ids_begin_with_their_prefix_and_are_never_the_same() -> None:
    ids = {new_id("imp") for _ in range(100)}

    assert len(ids) == 100
    assert all(re.fullmatch(r"imp_[a-z0-9]{26}", one) for one in ids)


def test_the_time_is_in_whole_seconds() -> None:
    assert isinstance(now(), int)


@pytest.mark.parametrize("beginning", ROUTES)
def test_a_beginning_leads_to_routes_that_begin_so(beginning: str) -> None:
    """Routes are made without settings: those are read at the first request."""
    routes = ROUTES[beginning]()

    assert routes is not None


def test_every_beginning_is_documented() -> None:
    paths = openapi_document()["paths"]

    assert [one for one in ROUTES if not any(path.startswith(one) for path in paths)] == []
