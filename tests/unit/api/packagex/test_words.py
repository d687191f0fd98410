"""The dictionary of words covers everything the core knows."""

from chalicelib.api.packagex import ACTIONS, RESOURCE_WORDS, STATUS_WORDS, STATUSES
from chalicelib.model.catalogue import RESOURCES, find_resource
from chalicelib.model.imports import Status

SEVEN = {"requested", "queued", "processing", "completed", "failed", "timed_out", "expired"}


def test_every_status_is_rendered_as_one_of_the_seven() -> None:
    assert set(STATUS_WORDS) == set(Status)
    assert set(STATUS_WORDS.values()) == SEVEN == set(STATUSES)


def test_filtering_by_a_word_finds_what_is_rendered_as_it() -> None:
    assert {status: word for word, statuses in STATUSES.items() for status in statuses} == STATUS_WORDS


def test_the_documented_actions_are_understood() -> None:
    assert {"merge", "overwrite", "delete"} <= set(ACTIONS)


def test_the_documented_nouns_are_understood_and_rendered() -> None:
    for noun in ("contact", "group", "item", "asset"):
        resource = find_resource(noun)
        assert resource is not None
        assert RESOURCE_WORDS[resource.name] == noun


def test_every_resource_of_the_catalogue_has_a_noun_that_is_understood() -> None:
    assert [find_resource(noun) for noun in RESOURCE_WORDS.values()] == list(RESOURCES.values())
