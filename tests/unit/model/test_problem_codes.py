"""The catalogue of problems is complete, and its texts are sentences."""

import re
from string import Formatter

import pytest

from chalicelib.model.problem_codes import CATALOGUE, ProblemCode, Severity


def test_every_code_has_its_texts() -> None:
    assert CATALOGUE.keys() == {*ProblemCode}


@pytest.mark.parametrize("code", ProblemCode)
def test_texts_are_sentences_with_named_facts(code: ProblemCode) -> None:
    for text in (CATALOGUE[code].message, CATALOGUE[code].hint):
        assert re.fullmatch(r".*[.]", text)
        assert all(name is None or name.isidentifier() for _, name, _, _ in Formatter().parse(text))


def test_only_duplicates_and_matches_and_what_an_undo_keeps_skip_a_row() -> None:
    skipping = {code for code, template in CATALOGUE.items() if template.severity is Severity.SKIP}

    assert skipping == {
        ProblemCode.DUPLICATE_IN_SOURCE,
        ProblemCode.MATCHES_RECORD,
        ProblemCode.CHANGED_SINCE,
    }
