"""What becomes of one field of a record where a row gives a value for it: one rule a field, as the import states them.

    always        the given value takes the place of the stored one, and a null clears it
    if_empty      the given value, where nothing is stored
    never         what is stored
    append        list: entries that it does not have are put behind its own
                  text: the given text is put behind the stored one, unless that ends with it
    append_line   text: the given text is put on a line of its own, unless it stands on one already
    merge         map: each given key takes its value, the others keep theirs; one level deep

Each rule is idempotent by what is stored, not by who stored it: to apply it twice is to apply it once. Under all rules
but `always` a null is nothing given.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from chalicelib.model.limits import Limits
from chalicelib.model.resources import Field, FieldType, Resource
from chalicelib.model.row_rules import MergeRule
from chalicelib.model.rows import Fields, Value
from chalicelib.schema.types import reader_of
from chalicelib.schema.types.value_reader import InvalidValue, ValueReader

PLAIN_RULES = (MergeRule.ALWAYS, MergeRule.IF_EMPTY, MergeRule.NEVER)
"""The rules of every field."""

GROWING_RULES: Mapping[FieldType, tuple[MergeRule, ...]] = {
    FieldType.LIST: (MergeRule.APPEND,),
    FieldType.TEXT: (MergeRule.APPEND, MergeRule.APPEND_LINE),
    FieldType.MAP: (MergeRule.MERGE,),
}
"""The rules by which a value grows, for each type that has any."""

_LINE_ENDS = re.compile(r"\r\n?")


class Kept(Enum):
    """What a rule says instead of a value where the stored one stays."""

    KEPT = auto()


KEPT = Kept.KEPT


def rules_of(resource: Resource, of: Field) -> tuple[MergeRule, ...]:
    """Returns the rules that a field may have: those by which it grows only where it neither identifies its record nor
    is a text that names another one."""
    identifying = {name for one in resource.identities for name in one.fields}
    naming = {one.field for one in resource.references} if of.type is FieldType.TEXT else set()
    if of.name in identifying | naming:
        return PLAIN_RULES
    return PLAIN_RULES + GROWING_RULES.get(of.type, ())


def taken(
    given: Fields, stored: Fields, rules: Mapping[str, MergeRule], otherwise: MergeRule = MergeRule.ALWAYS
) -> Fields:
    """Returns the fields that a row changes, or repeats, with the values they come to; fields without a rule of their
    own follow `otherwise`."""
    found = ((name, _RULES[rules.get(name, otherwise)](value, stored.get(name))) for name, value in given.items())
    return {name: value for name, value in found if not isinstance(value, Kept)}


def is_empty(value: object) -> bool:
    """Returns whether a value is nothing, or a text, list or map with nothing in it; zero and false are values."""
    return value is None or value in ("", [], {})


@dataclass(frozen=True, slots=True)
class GrowthLimits:
    """What fields may hold that grow by their rules: what a row could give them."""

    readers: Mapping[str, ValueReader] = field(default_factory=dict)

    @classmethod
    def of(cls, resource: Resource, rules: Mapping[str, MergeRule], limits: Limits) -> "GrowthLimits":
        """Returns the limits of the fields that grow by these rules."""
        growing = (resource.by_name[name] for name, rule in rules.items() if rule not in PLAIN_RULES)
        return cls({one.name: reader_of(one, limits) for one in growing})

    def find_excess(self, before: Fields, after: Fields) -> tuple[str, InvalidValue] | None:
        """Returns a field that has grown too large, with what is wrong with it."""
        for name, read in self.readers.items():
            if name in after and after[name] != before.get(name):
                try:
                    read(after[name])
                except InvalidValue as invalid:
                    return name, invalid
        return None


NO_GROWTH = GrowthLimits()


def _if_empty(given: Value, stored: Value) -> Value | Kept:
    return given if given is not None and is_empty(stored) else KEPT


def _append(given: Value, stored: Value) -> Value | Kept:
    if isinstance(given, list) and isinstance(stored, list):
        known = {*map(str, stored)}
        new = [entry for entry in given if entry not in known]
        return [*stored, *new] if new else KEPT
    if isinstance(given, str) and isinstance(stored, str):
        return KEPT if stored.endswith(given) else stored + given
    return KEPT if given is None else given


def _append_line(given: Value, stored: Value) -> Value | Kept:
    if not (isinstance(given, str) and isinstance(stored, str) and stored):
        return KEPT if given is None else given
    lines, line = _LINE_ENDS.sub("\n", stored), _LINE_ENDS.sub("\n", given)
    return KEPT if f"\n{line}\n" in f"\n{lines}\n" else f"{stored}\n{given}"


def _merge(given: Value, stored: Value) -> Value | Kept:
    if isinstance(given, dict) and isinstance(stored, dict):
        merged = {**stored, **given}
        return KEPT if merged == stored else merged
    return KEPT if given is None else given


_RULES: Mapping[MergeRule, Callable[[Value, Value], Value | Kept]] = {
    MergeRule.ALWAYS: lambda given, stored: given,
    MergeRule.IF_EMPTY: _if_empty,
    MergeRule.NEVER: lambda given, stored: KEPT,
    MergeRule.APPEND: _append,
    MergeRule.APPEND_LINE: _append_line,
    MergeRule.MERGE: _merge,
}
