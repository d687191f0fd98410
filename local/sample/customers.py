"""Good customers, as a customer system exports them: every cell a text, no two alike, spelled as people spell things.

In go the dice; out come rows of cells in the order of `HEADERS`. What is spelled oddly here must still be accepted.
"""

import json
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from enum import IntEnum

from local.sample.dice import Dice
from local.sample.regions import REGIONS, Region

Cells = list[str]

HEADERS = (
    *("Customer ID", "Full Name", "E-mail", "Phone Number", "Company Name", "Status", "Sentiment"),
    *("Member Since", "Tags", "Notes", "Custom Fields", "Account Owner"),
)


class Column(IntEnum):
    """The places in a row, in the order of `HEADERS`."""

    ID = 0
    NAME = 1
    EMAIL = 2
    PHONE = 3
    COMPANY = 4
    STATUS = 5
    SENTIMENT = 6
    SINCE = 7
    TAGS = 8
    NOTES = 9
    CUSTOM = 10
    OWNER = 11


STATUSES = (*["Active"] * 9, "active", "ACTIVE", "Inactive", "inactive", "Enabled", "disabled", "Archived", "")
SENTIMENTS = (*[""] * 6, "happy", "Happy", "neutral", "Neutral", "frustrated", "angry", "Positive", "negative")
TAGS = (
    *[""] * 6,
    "vip",
    "newsletter",
    "vip,newsletter",
    "trade fair; wholesale",
    "b2b, priority",
    "früh bestellt",
    "重要",
    "VIP ⭐",
)
OWNERS = ("j.doe", "m.rossi", "a.kowalska", "")
PRIVATE_DOMAINS = ("mail.example", "post.example", "example.com", "example.org", "example.net")

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
SPELLINGS: Sequence[Callable[[date], str]] = (
    *[date.isoformat] * 14,
    lambda day: f"{day.day}.{day.month}.{day.year}",
    lambda day: f"{day:%d.%m.%Y}",
    lambda day: f"{day:%Y/%m/%d}",
    lambda day: f"{day.year}/{day.month}/{day.day}",
    lambda day: f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}",
    lambda day: f"{MONTHS[day.month - 1]} {day.day}, {day.year}",
    lambda day: f"{day.day}-{MONTHS[day.month - 1][:3].upper()}-{day.year}",
    lambda day: f"{day.isoformat()} 00:00:00",
    lambda day: f"{day.isoformat()}T00:00:00Z",
    lambda day: f"{day:%d/%m/%Y}" if day.day > 12 else day.isoformat(),
    lambda day: f"{day:%m/%d/%Y}" if day.day > 12 else f"{day.month:02}/{day.month:02}/{day.year}",
)
"""Ways to write a date that can mean one day only."""
FIRST_DAY = date(2014, 1, 1)
DAYS = 3_900


class Customers:
    """A source of new customers, one after the other: ids rise, with gaps, and no address comes twice."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._number = 1000
        self._addresses: set[str] = set()

    def next(self) -> Cells:
        """Returns the cells of the next customer."""
        dice, region = self._dice, self._dice.pick(REGIONS)
        given, family = dice.pick(region.given), dice.pick(region.family)
        company = dice.pick(region.companies) if dice.chance(0.6) else None
        domain = f"{company.latin}.example" if company else dice.pick(PRIVATE_DOMAINS)
        names = (family, given) if region.is_family_first else (given, family)
        identifier = self._identifier()
        email = self._address(f"{given.latin}.{family.latin}", domain)
        return [
            *(
                identifier,
                " ".join(one.shown for one in names),
                email if identifier[:1] != "K" or dice.chance(0.5) else "",
            ),
            dice.fill(dice.pick(region.phones)) if dice.chance(0.8) else "",
            company.shown if company else "",
            *(dice.pick(STATUSES), dice.pick(SENTIMENTS), spelled_day(dice)),
            *(dice.pick(TAGS), _note(dice, region), _custom_fields(dice), dice.pick(OWNERS)),
        ]

    def _identifier(self) -> str:
        """Returns an id: seven digits with zeros in front; an older system wrote K and a number; some are known by
        e-mail only.
        """
        self._number += 1 + self._dice.below(5)
        style = self._dice.below(20)
        return {0: "", 1: f"K-{self._number}"}.get(style, f"{self._number:07}")

    def _address(self, local: str, domain: str) -> str:
        address, again = f"{local}@{domain}", 1
        while address in self._addresses:
            again += 1
            address = f"{local}{again}@{domain}"
        self._addresses.add(address)
        return address


def spelled_day(dice: Dice) -> str:
    """Returns a day in one of the spellings, or nothing."""
    return dice.pick(SPELLINGS)(FIRST_DAY + timedelta(days=dice.below(DAYS))) if dice.chance(0.9) else ""


def _note(dice: Dice, region: Region) -> str:
    return dice.pick(region.notes) if dice.chance(0.4) else ""


def _custom_fields(dice: Dice) -> str:
    if dice.chance(0.7):
        return ""
    plan = dice.pick(("free", "gold", "größer", "プロ"))
    return json.dumps({"plan": plan, "seats": dice.below(40) + 1}, ensure_ascii=False)
