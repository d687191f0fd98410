"""The sample refusals: one of a code, and one for every code of the shared groups."""

from collections.abc import Sequence

import pytest

from chalicelib.api.openapi.refusal_examples import RECORDS, REPEATED, SAMPLES, SOURCE, WITH_BODY, WITH_FORM
from chalicelib.model.refusals import KINDS, RefusalCode


@pytest.mark.parametrize("group", [WITH_BODY, WITH_FORM, REPEATED, SOURCE, RECORDS])
def test_every_code_of_a_group_has_a_sample(group: Sequence[RefusalCode]) -> None:
    assert set(group) <= set(SAMPLES)
    assert len(set(group)) == len(group)


@pytest.mark.parametrize("code", sorted(SAMPLES))
def test_a_sample_reads_like_a_refusal(code: RefusalCode) -> None:
    assert KINDS[code]
    assert SAMPLES[code].message[0].isupper() or SAMPLES[code].message.startswith(("limit:", "'"))
