"""What is wrong with the sample: each kind of dirt, how often it occurs, and how it comes about.

`SPOILED` are customers of their own, refused, or accepted in spite of it. `COPIES` come a second time, a thousand rows
or more after the first; they are skipped, or taken because they only look like copies. samples/README.md lists all of
them; a test compares the two.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from local.sample.customers import HEADERS, Cells, Column
from local.sample.dice import Dice

BAD_EMAILS = (
    *("n/a", "-", "none", "@example.com", "{local}@", "{local}@gmail", "{local}.example.com", "{local}@@example.com"),
    *(
        "{local}@mail..example",
        "{local} @mail.example",
        ".{local}@mail.example",
        "{local}@mail.example; x@mail.example",
    ),
    *(
        "{local}@mail,example",
        "{local}@-mail.example",
        "<{local}@mail.example>",
        "{local}@192.0.2.7",
        "{local}@mail.invalid",
    ),
)
BAD_PHONES = (
    *("call reception", "n/a", "555-CALL-NOW", "12-34", "+49", "+1 555", "030 / 1234 or 0171 / 5678", "unknown"),
    *("+999 123 456 789", "00", "+44 20 7946 0000 0000 0000", "see notes", "(555)"),
)
AMBIGUOUS_DATES = ("03/04/2024", "1/2/2023", "05-06-2021", "12/11/2019", "7/8/2020", "02-01-2018", "10/09/2022")
BAD_DATES = (
    *("31.02.2023", "2023-02-30", "32/13/2022", "last spring", "0000-00-00", "13/13/2023", "45352", "2021-13-01"),
    *("2024-03-01 14:35", "TBD", "29.02.2023", "31 Jun 2020", "Feb 2019", "3/4/21", "99/99/9999", "2019-W07"),
)
BAD_STATUSES = ("paused", "Trial", "dormant", "VIP", "churned", "deleted", "1", "активен")
BAD_SENTIMENTS = ("meh", "5/5", "so-so", "😡")
BAD_CUSTOM_FIELDS = ("{plan: gold}", "plan=gold", '["gold"]', "gold", '{"plan": "gold"', "{'plan': 'gold'}")
STRAY_NOTES = ('5" pipe fittings and a 3" valve', '27" monitor and a 13" laptop')


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A kind of spoiled customer; `spoil` turns a good customer into one of this kind."""

    name: str
    count: int
    spoil: Callable[[Dice, Cells], Cells]
    write: Callable[[str], str] = str
    """What happens to the line when it is written, if anything."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A kind of copy; `copy` makes the later row out of the first and a customer of its own."""

    name: str
    count: int
    copy: Callable[[Dice, Cells, Cells], Cells]
    suits: Callable[[Cells], bool] = bool
    """Whether a row can be the first."""
    of: str = ""
    """The kind of the first row; empty means a good one."""


def _with(**changed: Callable[[Dice, Cells], str]) -> Callable[[Dice, Cells], Cells]:
    """Returns a function that makes other values for the columns named, and keeps the rest."""

    def spoil(dice: Dice, cells: Cells) -> Cells:
        new = {Column[name]: make(dice, cells) for name, make in changed.items()}
        return [new.get(Column(place), cell) for place, cell in enumerate(cells)]

    return spoil


def _one_of(*texts: str) -> Callable[[Dice, Cells], str]:
    return lambda dice, _cells: dice.pick(texts)


def _bad_email(dice: Dice, cells: Cells) -> str:
    return dice.pick(BAD_EMAILS).replace("{local}", _local(cells))


def _local(cells: Cells) -> str:
    return cells[Column.EMAIL].partition("@")[0] or "info"


def _padded(_dice: Dice, cells: Cells) -> Cells:
    return [f"  {cell} " if cell else " " for cell in cells]


def _decomposed(_dice: Dice, cells: Cells) -> Cells:
    """Returns the cells as a Mac spells file names: accents are characters of their own."""
    return [unicodedata.normalize("NFD", cell) if place != Column.EMAIL else cell for place, cell in enumerate(cells)]


def _comma_unquoted(dice: Dice, cells: Cells) -> Cells:
    company = dice.pick((["Doe", " Roe & Co"], ["Smith", " Jones & Partners"]))
    return [*cells[: Column.COMPANY], *company, *cells[Column.STATUS : Column.OWNER], "j.doe"]


def _undoubled(line: str) -> str:
    return line.replace('""', '"')


REFUSED = (
    Spoiled("bad e-mail", 140, _with(EMAIL=_bad_email)),
    Spoiled("ambiguous date", 70, _with(SINCE=_one_of(*AMBIGUOUS_DATES))),
    Spoiled("impossible date", 70, _with(SINCE=_one_of(*BAD_DATES))),
    Spoiled("name missing", 70, _with(NAME=_one_of("", "", "   "))),
    Spoiled("unknown status", 45, _with(STATUS=_one_of(*BAD_STATUSES))),
    Spoiled("unknown sentiment", 15, _with(SENTIMENT=_one_of(*BAD_SENTIMENTS))),
    Spoiled("bad phone", 40, _with(PHONE=_one_of(*BAD_PHONES))),
    Spoiled("broken custom fields", 20, _with(CUSTOM=_one_of(*BAD_CUSTOM_FIELDS))),
    Spoiled("control character", 5, _with(NOTES=_one_of("first line\x0bsecond line", "bell \x07"))),
    Spoiled("name too long", 3, _with(NAME=lambda _, cells: f"{cells[Column.NAME]} " * 40)),
    Spoiled("several problems", 10, _with(EMAIL=_bad_email, SINCE=_one_of(*BAD_DATES), STATUS=_one_of(*BAD_STATUSES))),
    Spoiled("too many cells", 40, _comma_unquoted),
    Spoiled("too few cells", 45, lambda dice, cells: cells[: Column.STATUS + dice.below(4)]),
    Spoiled("empty cells beyond the last column", 10, lambda _, cells: [*cells, "", ""]),
)
ACCEPTED = (
    Spoiled("stray quotes", 4, _with(NOTES=_one_of(*STRAY_NOTES), CUSTOM=_one_of(""), COMPANY=_one_of("")), _undoubled),
    Spoiled("spaces around every value", 20, _padded),
    Spoiled("accents as separate characters", 20, _decomposed),
)
SPOILED = (*REFUSED, *ACCEPTED)


def _same_email(dice: Dice, first: Cells, own: Cells) -> Cells:
    email = first[Column.EMAIL]
    spelled = dice.pick((email.upper(), email.title(), f" {email}", email.capitalize()))
    return _with(EMAIL=_one_of(spelled), NAME=_one_of(first[Column.NAME]))(dice, own)


def _same_domain_in_ascii(dice: Dice, first: Cells, own: Cells) -> Cells:
    local, _, domain = first[Column.EMAIL].partition("@")
    return _with(EMAIL=_one_of(f"{local}@{domain.encode('idna').decode()}"))(dice, own)


def _same_id(dice: Dice, first: Cells, own: Cells) -> Cells:
    return _with(ID=_one_of(first[Column.ID]), NAME=_one_of(first[Column.NAME]))(dice, own)


def _id_without_zeros(dice: Dice, first: Cells, own: Cells) -> Cells:
    return _with(ID=_one_of(first[Column.ID].lstrip("0")))(dice, own)


def _corrected(dice: Dice, first: Cells, _own: Cells) -> Cells:
    return _with(SINCE=_one_of("2020-02-29"))(dice, first)


SKIPPED = (
    Copied("same e-mail, spelled otherwise", 110, _same_email, lambda first: first[Column.EMAIL] != ""),
    Copied("same e-mail, domain in ASCII", 2, _same_domain_in_ascii, lambda first: not first[Column.EMAIL].isascii()),
    Copied("same customer id", 90, _same_id, lambda first: first[Column.ID] != ""),
    Copied("the same row again", 80, lambda _, first, __: first),
    Copied("the same row a third time", 18, lambda _, first, __: first, of="the same row again"),
)
TAKEN = (
    Copied(
        "customer id that differs by its zeros", 6, _id_without_zeros, lambda first: first[Column.ID].startswith("0")
    ),
    Copied("corrected row after a refused one", 8, _corrected, of="impossible date"),
)
COPIES = (*SKIPPED, *TAKEN)

BLANK = 6
"""Lines that hold nothing, or nothing but commas: they are no rows."""
BLANK_LINES = ("\r\n", "," * (len(HEADERS) - 1) + "\r\n")
