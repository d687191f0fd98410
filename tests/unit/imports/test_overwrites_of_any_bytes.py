"""Whatever bytes an overwrite is given, it deletes no record whose identity stands in them, and none at all where a row
could not be read. FUZZ says how many sources are tried; a few hundred by default.

Sources are made from a file that names some of the records, then damaged once, as files are: a quote, delimiter or line
end lost, added or changed, the end cut off, a byte flipped, cells blanked, a header renamed; or they are no table.
Every row gives two identities, so that damage to the text of one leaves the other.
"""

import json
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from chalicelib.model.imports import Import, Status
from tests.import_world import ImportWorld

SOURCES = int(os.environ.get("FUZZ", "0")) * 25 or 75
"""For each format."""

HEADERS = ("external_id", "name", "email", "notes")
PEOPLE = [
    {"external_id": f"K{n}{n * 7919 % 9973:04}Q", "name": f"Person {n}", "email": f"p{n}z{n * 31}@mail.example"}
    for n in range(1, 9)
]
SEED = json.dumps(PEOPLE)

UNREADABLE = {
    *("row_too_long", "row_too_large", "nul_character", "undecodable_bytes", "unclosed_quote", "invalid_json"),
    *("not_an_object", "truncated_source", "row_too_short", "line_end_in_row", "misplaced_quote"),
}
"""Codes of rows that could not be read."""


@dataclass(frozen=True)
class Source:
    content: bytes
    encoding: str

    def names(self, person: dict[str, str]) -> bool:
        """Whether an identity of the person stands in the bytes."""
        codecs = ("utf-8", "utf-16-le", "utf-16-be")
        return any(person[one].encode(codec) in self.content for one in ("external_id", "email") for codec in codecs)


def each_source(make: Callable[[random.Random], str], seed: int) -> Iterator[Source]:
    chance = random.Random(seed)
    for _ in range(SOURCES):
        text, encoding = make(chance), chance.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252"))
        damage = chance.choice((*DAMAGES, None, None))
        content = (damage(text, chance) if damage else text).encode(encoding, "replace")
        yield Source(flipped(content, chance) if damage is None and chance.random() < 0.8 else content, encoding)


def some_people(chance: random.Random) -> list[dict[str, str]]:
    people = chance.sample(PEOPLE, chance.randint(1, len(PEOPLE)))
    return [one | {"notes": chance.choice(("", "x", "Größe", "a, b", 'say "hi"', "two\nlines"))} for one in people]


def delimited(delimiter: str) -> Callable[[random.Random], str]:
    def make(chance: random.Random) -> str:
        end = chance.choice(("\n", "\r\n"))
        rows = [HEADERS, *([one[header] for header in HEADERS] for one in some_people(chance))]
        is_quoted = chance.random() < 0.3
        return end.join(delimiter.join(cell(text, delimiter, is_quoted) for text in row) for row in rows) + end

    return make


def cell(text: str, delimiter: str, is_quoted: bool) -> str:
    needs_quotes = is_quoted or any(one in text for one in (delimiter, '"', "\n"))
    return '"' + text.replace('"', '""') + '"' if needs_quotes else text


def array(chance: random.Random) -> str:
    return json.dumps(some_people(chance), ensure_ascii=chance.random() < 0.5, indent=chance.choice((None, 1)))


def lines(chance: random.Random) -> str:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in some_people(chance))


def noise(chance: random.Random) -> str:
    alphabet = ",;\t|\"'\n\r{}[]: \0\u200b\ufeffaZ0é\ud7ff"
    return "".join(chance.choice(alphabet) for _ in range(chance.randint(0, 200)))


def insertion(inserted: str) -> Callable[[str, random.Random], str]:
    def damage(text: str, chance: random.Random) -> str:
        at = chance.randint(0, len(text))
        return text[:at] + inserted + text[at:]

    return damage


def change(old: str, new: str) -> Callable[[str, random.Random], str]:
    """Of one of its occurrences."""

    def damage(text: str, chance: random.Random) -> str:
        places = [at for at in range(len(text)) if text.startswith(old, at)]
        at = chance.choice(places) if places else len(text)
        return text[:at] + new + text[at + len(old) :] if places else text

    return damage


def cut_off(text: str, chance: random.Random) -> str:
    return text[: chance.randint(0, len(text))]


def left_out(text: str, chance: random.Random) -> str:
    start = chance.randint(0, len(text))
    return text[:start] + text[start + chance.randint(1, 30) :]


def blanked(text: str, chance: random.Random) -> str:
    """An identity that is gone, or cannot be seen."""
    person = chance.choice(PEOPLE)
    return text.replace(person[chance.choice(("external_id", "email"))], chance.choice(("", " ", "\u200b", "null")))


def renamed(text: str, chance: random.Random) -> str:
    return text.replace(chance.choice(HEADERS), chance.choice(("Kundennummer", "", "id2", "name", "notes")))


DAMAGES: tuple[Callable[[str, random.Random], str], ...] = (
    *(insertion(one) for one in ('"', ",", ";", "\n", "\r\n", "\t", "\0", "}", "{", "\u200b")),
    *(change(old, new) for old in (",", ";", "\t") for new in ("", "|", ";", ",")),
    *(change(old, "") for old in ('"', "\n", "}", "{", ":")),
    *(cut_off, left_out, blanked, renamed),
)


def flipped(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content) or 1)
    return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]


def overwritten(source: Source) -> tuple[ImportWorld, Import, list[dict[str, str]]]:
    """The world, the import, and the people who are gone."""
    world = ImportWorld()
    world.run(SEED)
    before = {record.record_id: str(record.fields["external_id"]) for record in world.records()}
    import_ = world.run(source.content, action="overwrite")
    gone = {before[one] for one in before.keys() - {record.record_id for record in world.records()}}
    return world, import_, [person for person in PEOPLE if person["external_id"] in gone]


@pytest.mark.parametrize(
    ("make", "seed"),
    [
        pytest.param(delimited(","), 1, id="CSV"),
        pytest.param(delimited(";"), 2, id="semicolons"),
        pytest.param(delimited("\t"), 3, id="TSV"),
        pytest.param(array, 4, id="JSON"),
        pytest.param(lines, 5, id="NDJSON"),
        pytest.param(noise, 6, id="noise"),
    ],
)
def test_an_overwrite_deletes_nothing_that_its_source_names(make: Callable[[random.Random], str], seed: int) -> None:
    wrong = []
    for source in each_source(make, seed):
        world, import_, gone = overwritten(source)
        if is_judged(source, import_) and (
            any(source.names(person) for person in gone) or (gone and may_mean_any(world, import_))
        ):
            wrong.append((source.content, [person["external_id"] for person in gone], import_.reason))

    assert wrong == []


def is_judged(source: Source, import_: Import) -> bool:
    """Not where rows leave out cells at their end, as one of them may have lost a delimiter instead; nor where a JSON
    object has a name twice, of which JSON readers drop one."""
    return "cells_left_out" not in import_.problem_counts and not has_twins(source)


def has_twins(source: Source) -> bool:
    try:
        text = source.content.decode(source.encoding).lstrip("\ufeff")
        for document in text.splitlines() if text.startswith("{") else [text]:
            json.loads(document or "0", object_pairs_hook=without_twins)
    except Twins:
        return True
    except ValueError:
        return False
    return False


class Twins(Exception):
    """An object has a name twice."""


def without_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(dict(pairs)) < len(pairs):
        raise Twins
    return dict(pairs)


def may_mean_any(world: ImportWorld, import_: Import) -> bool:
    """Whether something was wrong with the source as a whole, or with a whole row."""
    if import_.status is not Status.COMPLETED:
        return True
    codes = world.codes(import_) if import_.has_errors_file else {}
    return bool(UNREADABLE.intersection(code for ones in codes.values() for code in ones))
