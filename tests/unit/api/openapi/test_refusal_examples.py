"""The sample refusals: one of a code, and one for every code of the shared groups."""

from collections.abc import Sequence

import pytest

from chalicelib.api.openapi.refusal_examples import RECORDS, REPEATED, SAMPLES, SOURCE, WITH_BODY, WITH_FORM
from chalicelib.model.refusals import KINDS, RefusalCode, RefusalKind


@pytest.mark.parametrize("group", [WITH_BODY, WITH_FORM, REPEATED, SOURCE, RECORDS])
def test_every_code_of_a_group_has_a_sample(group: Sequence[RefusalCode]) -> None:
    assert set(group) <= set(SAMPLES)
    assert len(set(group)) == len(group)


def test_every_code_that_a_source_may_be_refused_by_is_told_where_one_is_sent() -> None:
    catalogued = {*RefusalKind.LARGE_SOURCE.codes, *RefusalKind.INVALID_SOURCE.codes}

    assert catalogued - set(SOURCE) == {"header_differs"}
    assert set(RECORDS) <= catalogued


@pytest.mark.parametrize("code", sorted(SAMPLES))
def test_a_sample_reads_like_a_refusal(code: RefusalCode) -> None:
    assert KINDS[code]
    assert SAMPLES[code].message[0].isupper() or SAMPLES[code].message.startswith(("limit:", "'"))
