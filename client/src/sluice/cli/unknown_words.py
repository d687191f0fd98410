"""Words of a file that a field with choices does not know, or one that is true or false: told, and asked for."""

from collections.abc import Iterator, Mapping

from sluice.cli.columns import NAME_CELLS, Headers, fed_columns
from sluice.cli.layout import counted, cut, number, padded, wrapped
from sluice.cli.screen import Screen
from sluice.cli.value_mapping import meant
from sluice.models.imports import SourceDescription, UnknownWord
from sluice.models.records import Resource

WORDS_ASKED = 10
"""Nobody answers more questions than these; the other words are told."""
WORD_CELLS = 30

Unknown = tuple[UnknownWord, str]
"""A word, and the header of its column."""


def choose_words(
    screen: Screen, source: SourceDescription, mapping: Headers, resource: Resource
) -> dict[str, dict[str, str | bool]]:
    """Returns what a person says of the words that are not known, the most frequent first, as a value mapping; without
    those whose rows are to fail."""
    chosen: dict[str, dict[str, str | bool]] = {}
    unknown = _unknown(source, mapping)
    screen.say(*_lists(unknown, screen.width))
    if not unknown or screen.ask("Say what they mean? [y/N]", {"y": "yes", "n": "no"}, "n") == "n":
        return chosen
    for word, header in unknown[:WORDS_ASKED]:
        answers = {str(place): choice for place, choice in enumerate(_choices_of(word, resource), 1)}
        *lines, question = wrapped(_question(word, header, answers), screen.width)
        screen.say(*lines)
        answer = screen.ask(question, answers, "")
        if answer:
            chosen.setdefault(word.field, {})[word.word] = meant(answers[answer], word.field, resource)
    if unknown[WORDS_ASKED:]:
        screen.say(f"{counted(len(unknown) - WORDS_ASKED, 'more word')}: --value-mapping FILE says them all")
    return chosen


def unknown_lines(source: SourceDescription, mapping: Headers, resource: Resource, width: int) -> Iterator[str]:
    """Yields what words are not known, and the option that says what they mean."""
    unknown = _unknown(source, mapping)
    yield from _lists(unknown, width)
    if unknown:
        word = unknown[0][0]
        yield cut(f"  --value-mapping '{word.field}:{word.word}={_choices_of(word, resource)[0]}' says one", width)


def _unknown(source: SourceDescription, mapping: Headers) -> list[Unknown]:
    found = [
        (word, column.header)
        for field, column in fed_columns(source, mapping)
        for word in column.unknown_words
        if word.field == field
    ]
    return sorted(found, key=lambda one: -one[0].rows)


def _choices_of(word: UnknownWord, resource: Resource) -> tuple[str, ...]:
    field = next((one for one in resource.fields if one.name == word.field), None)
    return (field.choices if field else ()) or ("true", "false")


def _lists(unknown: list[Unknown], width: int) -> Iterator[str]:
    """Yields for each column its words, with the rows that they stand in."""
    if not unknown:
        return
    yield from wrapped("Words that are not known, and how many of the first rows they stand in:", width)
    for header in dict.fromkeys(header for _, header in unknown):
        words = ", ".join(f"{word.word} {number(word.rows)}" for word, of in unknown if of == header)
        yield cut(f"  {padded(header, NAME_CELLS)}  {words}", width)


def _question(word: UnknownWord, header: str, answers: Mapping[str, str]) -> str:
    choices = ", ".join(f"[{key}] {choice}" for key, choice in answers.items())
    return f"{cut(word.word, WORD_CELLS)} in {header}: {choices}, [Enter] fail such rows:"
