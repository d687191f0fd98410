"""A dialect's word for a refusal: that of the code, else that of its kind, else the core's code."""

import pytest

from chalicelib.api.http.refusal_words import RefusalWords
from chalicelib.model.refusals import RefusalCode, RefusalKind

WORDS = RefusalWords(by_kind={RefusalKind.NOT_FOUND: "gone"}, by_code={"import_not_found": "no_such_import"})


@pytest.mark.parametrize(
    ("code", "status", "word"),
    [
        pytest.param("import_not_found", 404, "no_such_import", id="a word for the code"),
        pytest.param("record_not_found", 404, "gone", id="a word for the kind"),
        pytest.param("too_large", 413, "too_large", id="no word"),
    ],
)
def test_the_most_specific_word_is_taken(code: RefusalCode, status: int, word: str) -> None:
    assert WORDS.get(code) == (status, word)


def test_what_is_no_code_is_our_own_mistake() -> None:
    with pytest.raises(KeyError):
        WORDS.get("in_no_table")  # type: ignore[arg-type] # no code of the catalogue
