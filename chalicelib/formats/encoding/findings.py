"""Tells callers that an encoding was guessed, or that it is uncertain.

In comes what was detected, out goes a finding, or a refusal with a line of the source as each of the candidates reads
it: a person who knows the names sees at once which of the lines is right, and states that encoding.
"""

from collections.abc import Sequence

from chalicelib.errors import Refused
from chalicelib.formats.encoding.choose import Encoding
from chalicelib.formats.encoding.eight_bit import lines_beyond_ascii
from chalicelib.formats.text import printable
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem

_LINE_CHARACTERS = 80
_BEFORE = 20


def guess_findings(encoding: Encoding) -> list[Problem]:
    """Returns a finding if the encoding was guessed."""
    return [Problem(ProblemCode.ENCODING_GUESSED, facts={"encoding": encoding.name})] if encoding.is_guessed else []


def uncertain_encoding(sample: bytes, candidates: Sequence[str]) -> Refused:
    """Returns a refusal `encoding_uncertain`, whose details hold the candidates, the best first, each with the line."""
    lines = lines_of_candidates(sample, candidates)
    message = (
        "The encoding is not certain. State it, or save the file as UTF-8. One line of the source, as it would be:"
    )
    read = "".join(f"\n{name}: {line}" for name, line in lines.items())
    told = [{"encoding": name, "line": line} for name, line in lines.items()]
    return Refused("encoding_uncertain", message + read, param="encoding", candidates=told)


def lines_of_candidates(sample: bytes, candidates: Sequence[str]) -> dict[str, str]:
    """Returns the line on which the candidates differ most, around the first difference, as each of them reads it."""
    readings = [
        [raw.decode(name, "replace") for name in candidates] for raw in lines_beyond_ascii(sample).split(b"\n")[:200]
    ]
    best = max(readings, key=lambda lines: len(set(lines)))
    start = max(0, _first_difference(best) - _BEFORE)
    return {
        name: _printable(line[start : start + _LINE_CHARACTERS]) for name, line in zip(candidates, best, strict=True)
    }


def _first_difference(lines: Sequence[str]) -> int:
    return next((at for at, column in enumerate(zip(*lines, strict=False)) if len(set(column)) > 1), 0)


def _printable(line: str) -> str:
    return "".join(one if one.isprintable() else "\ufffd" for one in printable(line)).strip()
