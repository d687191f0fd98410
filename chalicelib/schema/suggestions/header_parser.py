"""Takes a header apart into known words: text goes in, its segments with their concepts come out.

The longest words win, across spaces and within compounds (`Kundennummer`, `会社電話`). What stands in brackets is kept
apart, since it often explains, and sometimes repeats, the header.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache

from chalicelib.schema.suggestions.lexicon import lexicon, longest_word, words_in

_BRACKETS = re.compile(r"[(\[{（【「][^)\]}）】」]*[)\]}）】」]")
_MOST_WORDS = 7
"""Words of the longest phrase."""
LONGEST_HEADER = 200
"""Characters of a header that are looked at."""
_UNKNOWN = 3.0
"""What an unknown word costs, where a known one costs 1 and a part of a compound slightly more."""
_PART = 1.1
_ENDS = ("nr", "id")
"""Short words with which compounds end: Kundennr, Kundenid."""
_SHORTEST_END = 2
_LINKS = ("s", "n", "en", "e", "es")
"""What German and Dutch put between the parts of a compound."""
_PLURALS = ("s", "n")
"""Also at the end of a word, one letter."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a header."""

    text: str
    languages: Mapping[str, frozenset[str]]
    """The concepts it may stand for, each with its languages; none where nothing is known of it."""
    is_aside: bool = False
    """Whether it stands in brackets."""

    @property
    def concepts(self) -> Set[str]:
        """Returns the concepts it may stand for."""
        return self.languages.keys()


@lru_cache(maxsize=4096)
def parse(header: str) -> tuple[Segment, ...]:
    """Returns the segments of a header, those in brackets last."""
    text = header[:LONGEST_HEADER]
    plain = _BRACKETS.sub(" ", text)
    asides = _BRACKETS.findall(text) if plain.strip(" *:") else []
    main = plain if plain.strip(" *:") else text
    return (*_segments(main, False), *(one for aside in asides for one in _segments(aside, True)))


def language_of(headers: Sequence[Sequence[Segment]]) -> str:
    """Returns the language that most headers are written in; nothing where two are as likely."""
    votes: Counter[str] = Counter()
    for segments in headers:
        of_each = [frozenset().union(*one.languages.values()) for one in segments]
        votes.update(frozenset.intersection(*of_each) if of_each else ())
    likely = votes.most_common(2)
    return likely[0][0] if likely and (len(likely) == 1 or likely[0][1] > likely[1][1]) else ""


def as_in(language: str, segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """Returns the segments with what they mean in a language, wherever they mean something in it."""
    return tuple(replace(one, languages=_meanings_in(language, one) or one.languages) for one in segments)


def _meanings_in(language: str, segment: Segment) -> dict[str, frozenset[str]]:
    return {concept: found for concept, found in segment.languages.items() if language in found}


def _segments(text: str, is_aside: bool) -> Iterator[Segment]:
    words = words_in(text)
    for start, end in _cover(words):
        joined = "".join(words[start:end])
        known = lexicon().get(joined)
        if known:
            yield Segment(joined, known, is_aside)
        else:
            yield from _parts(joined, is_aside)


def _cover(words: list[str]) -> list[tuple[int, int]]:
    """Returns the cheapest division of the words into phrases, by where each begins and ends."""
    best: list[tuple[float, list[tuple[int, int]]]] = [(0.0, [])]
    for end in range(1, len(words) + 1):
        options = []
        for start in range(max(0, end - _MOST_WORDS), end):
            cost = _cost("".join(words[start:end]), end - start)
            if cost is not None:
                options.append((best[start][0] + cost, [*best[start][1], (start, end)]))
        best.append(min(options))
    return best[-1][1]


def _cost(joined: str, words: int) -> float | None:
    if joined in lexicon():
        return 1.0
    return sum(_PART if one in lexicon() else _UNKNOWN for one in _divided(joined)) if words == 1 else None


def _parts(word: str, is_aside: bool) -> Iterator[Segment]:
    for part in _divided(word):
        known = lexicon().get(part)
        yield Segment(part, known or {}, is_aside)


@lru_cache(maxsize=4096)
def _divided(word: str) -> tuple[str, ...]:
    """Returns the parts of a compound; the word itself where it is none."""
    return _cut(word, _shortest_part(word)) or (word,)


def _cut(word: str, shortest: int) -> tuple[str, ...] | None:
    """Returns the fewest known words that make it up; between two of them, a linking letter of German is skipped."""
    best: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(shortest, len(word) + 1):
        least = min(shortest, _SHORTEST_END) if end == len(word) else shortest
        for start in range(max(0, end - longest_word()), end - least + 1):
            part = word[start:end]
            if start in best and part in lexicon() and (len(part) >= shortest or part in _ENDS):
                found = (*best[start], part)
                for after in {end, *_after_link(word, end, shortest)}:
                    if after not in best or len(found) < len(best[after]):
                        best[after] = found
    return best.get(len(word))


def _after_link(word: str, end: int, shortest: int) -> Iterator[int]:
    if shortest > 1:
        links = _LINKS if end < len(word) - 1 else _PLURALS
        yield from (end + len(link) for link in links if word.startswith(link, end))


def _shortest_part(word: str) -> int:
    return 3 if word.isascii() else 1
