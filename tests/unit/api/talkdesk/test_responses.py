"""The dictionary of words covers everything the core knows, and the templates are understood by the catalogue."""

from dataclasses import replace

import pytest

from chalicelib.api.talkdesk import (
    COLUMNS,
    MANDATORY,
    SCOPES,
    STATUS_WORDS,
    TEMPLATES,
    TYPE_WORDS,
    TYPES,
    USERS,
    completed_records,
    failed_records,
    status_word,
)
from chalicelib.model.api_keys import KINDS, KeyKind
from chalicelib.model.imports import Action, Stats, Status
from chalicelib.schema.column_mapping import ColumnMapping
from chalicelib.schema.header_rules import HeaderRules
from tests.world import an_import


def test_every_status_is_rendered_as_one_of_the_six() -> None:
    six = {"QUEUED", "IN_PROGRESS", "CANCELED", "FAILED", "COMPLETED", "COMPLETED_WITH_ERRORS"}

    assert set(STATUS_WORDS) == set(Status)
    assert set(STATUS_WORDS.values()) == six - {"COMPLETED_WITH_ERRORS"}


@pytest.mark.parametrize(
    ("stats", "word"),
    [
        pytest.param(Stats(total=2, created=1, unchanged=1), "COMPLETED", id="all went well"),
        pytest.param(Stats(total=2, created=1, failed=1), "COMPLETED_WITH_ERRORS", id="a failure"),
        pytest.param(Stats(total=2, created=1, skipped=1), "COMPLETED_WITH_ERRORS", id="a copy"),
    ],
)
def test_completed_with_failures_has_a_word_of_its_own(stats: Stats, word: str) -> None:
    assert status_word(an_import(Status.COMPLETED, stats=stats)) == word


def test_a_cancel_is_told_at_once_and_a_death_is_not() -> None:
    canceling = an_import(Status.CANCELING)

    assert status_word(canceling) == "CANCELED"
    assert status_word(replace(canceling, reason="died")) == "IN_PROGRESS"


def test_every_row_that_has_an_outcome_counts_once() -> None:
    stats = Stats(total=28, created=1, updated=2, unchanged=3, deleted=4, skipped=5, failed=6, unprocessed=7)
    import_ = an_import(Status.CANCELED, stats=stats)

    assert (completed_records(import_), failed_records(import_)) == (10, 11)


def test_every_action_has_a_type_and_every_type_its_action() -> None:
    assert set(TYPE_WORDS) == set(Action)
    assert {word: action for action, word in TYPE_WORDS.items() if TYPES[word] is action} == TYPES


@pytest.mark.parametrize("action", TEMPLATES)
def test_a_template_s_columns_are_the_fields_they_should_be(action: Action) -> None:
    plan = ColumnMapping(HeaderRules(USERS, {}), TEMPLATES[action])

    assert plan.problems == ()
    assert [COLUMNS[name] for name in plan.fields] == list(TEMPLATES[action])
    assert set(MANDATORY[action]) <= set(plan.fields)


def test_a_client_may_have_every_scope_there_is_here() -> None:
    assert set(SCOPES.values()) == KINDS[KeyKind.TD_CLIENT].scopes
