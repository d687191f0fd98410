"""What a caller wants imported, and the checks every dialect owes to it before anything is written.

In: a `ImportRequest` in the core's words. Out: the same, known to be sound, or a Refused that names the parameter.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chalicelib.access.validation import TEXT_CHARACTERS, checked_name, checked_text
from chalicelib.errors import Refused
from chalicelib.formats import Format
from chalicelib.formats.encoding.choose import check_encoding
from chalicelib.model.catalogue import find_resource
from chalicelib.model.guard_rails import NO_GUARD_RAILS, GuardRails
from chalicelib.model.ids import CopiedProfile
from chalicelib.model.imports import Action, DuplicateHandling
from chalicelib.model.invisible_characters import is_blank
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.notations import DateOrder, DecimalSign
from chalicelib.model.problems import quoted
from chalicelib.model.reading_options import ReadingOptions
from chalicelib.model.resources import Resource
from chalicelib.model.row_rules import MergeRule, RowRules
from chalicelib.schema.header_rules import checked_mapping
from chalicelib.schema.merge_rules import rules_of
from chalicelib.schema.types.words import ValueMapping, check_value_mapping, folded


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """A request to bring data in."""

    dialect: str
    resource: str
    """Any name of the catalogue, singular or plural."""
    action: Action
    duplicate_handling: DuplicateHandling = DuplicateHandling.IGNORE_ALL
    name: str | None = None
    location_id: str | None = None
    column_mapping: dict[str, str] = field(default_factory=dict)
    """Header by field name."""
    value_mapping: dict[str, dict[str, str | bool]] = field(default_factory=dict)
    """By field and word of the source, which choice it means, or whether true or false."""
    reading: ReadingOptions = field(default_factory=ReadingOptions)
    rules: RowRules = field(default_factory=RowRules)
    guard_rails: GuardRails = NO_GUARD_RAILS
    is_preview: bool = False
    """Everything is decided, and no record is written."""
    save_upload: bool = True
    hold: bool = False
    """The import waits, once its source is here, until it is let go."""
    profile: CopiedProfile | None = None
    """Whose options are among these."""
    filename: str = ""


def checked_resource(wanted: ImportRequest) -> Resource:
    """Returns the resource that is wanted, after everything else about the request has been checked. Raises Refused."""
    resource = find_resource(wanted.resource)
    if resource is None:
        raise Refused("unknown_resource", f"There is no resource {wanted.resource!r}.", param="resource")
    checked_name(wanted.name)
    _check_location(resource, wanted.location_id)
    _check_mapping(resource, wanted.column_mapping)
    _check_values(resource, wanted.value_mapping)
    _check_match_by(resource, wanted.rules.match_by)
    _check_merge_rules(resource, wanted.action, wanted.rules.merge_rules)
    _check_create_missing(resource, wanted.rules.create_missing)
    _check_reading(wanted.reading)
    checked_text(wanted.filename, param="filename")
    return resource


def _check_location(resource: Resource, location_id: str | None) -> None:
    if location_id is None:
        return
    if not checked_text(location_id, param="location_id").strip():
        raise Refused("invalid_parameter", "Must not be empty.", param="location_id")
    if not resource.location_field:
        raise Refused("invalid_parameter", f"{resource.name} have no location.", param="location_id")


def _check_mapping(resource: Resource, mapping: dict[str, str]) -> None:
    for name, header in mapping.items():
        checked_text(header, param=f"column_mapping.{name[:TEXT_CHARACTERS]}")
    checked_mapping(resource, mapping)


def _check_values(resource: Resource, mapping: ValueMapping) -> None:
    for word in (word for words in mapping.values() for word in words):
        checked_text(word, param="value_mapping")
    check_value_mapping(resource, mapping)


def _check_match_by(resource: Resource, match_by: Sequence[str]) -> None:
    known = [one.name for one in resource.identities]
    for name in match_by:
        if name not in known:
            message = f"{quoted(name)!r} is no unique identity of {resource.name}. Must be one of {', '.join(known)}."
            raise Refused("invalid_parameter", message, param="match_by")
    if len(match_by) > len({*match_by}):
        raise Refused("invalid_parameter", "Name each identity once.", param="match_by")


def _check_merge_rules(resource: Resource, action: Action, rules: Mapping[str, MergeRule]) -> None:
    if rules and action in (Action.CREATE, Action.DELETE):
        message = f"Rules are about records that rows change; {action.value} changes none."
        raise Refused("invalid_parameter", message, param="merge_rules")
    for name, rule in rules.items():
        given = resource.by_name.get(name)
        if given is None or given.is_computed or given.stands_for:
            message = f"{quoted(name)!r} is no field of {resource.name} that a source can give."
            raise Refused("invalid_parameter", message, param="merge_rules")
        possible = rules_of(resource, given)
        if rule not in possible:
            message = f"{name!r} cannot be merged by {rule.value}. Must be one of {', '.join(possible)}."
            raise Refused("invalid_parameter", message, param="merge_rules")


def _check_create_missing(resource: Resource, fields: Sequence[str]) -> None:
    possible = resource.creating_fields
    for name in fields:
        if name not in possible:
            message = f"{quoted(name)!r} of {resource.name} cannot create the records that it names. "
            known = f"Possible: {', '.join(possible)}." if possible else f"No field of {resource.name} can."
            raise Refused("invalid_parameter", message + known, param="create_missing")
    if len(fields) > len({*fields}):
        raise Refused("invalid_parameter", "Name each field once.", param="create_missing")


def _check_reading(reading: ReadingOptions) -> None:
    """What can be known of the options before there is a source; the readers check the rest."""
    if reading.format is not None and reading.format not in set(Format):
        raise Refused("invalid_option", f"Must be one of {', '.join(Format)}.", param="format")
    for name in ("delimiter", "quote"):
        if len(getattr(reading, name) or " ") != 1:
            raise Refused("invalid_option", "Must be one character.", param=name)
    if reading.encoding is not None:
        check_encoding(reading.encoding)
    for name in ("sheet", "null_marker"):
        checked_text(getattr(reading, name) or "", param=name)
    _check_notation(reading)


def _check_notation(reading: ReadingOptions) -> None:
    _check_word(reading.decimal, DecimalSign, param="decimal")
    _check_word(reading.date_order, DateOrder, param="date_order")
    if reading.time_zone is not None:
        _check_zone(reading.time_zone)
    if reading.list_separator is not None and not is_separator(reading.list_separator):
        message = "Must be one character that is no letter, digit or quote, such as , ; | / or a line end."
        raise Refused("invalid_option", message, param="list_separator")
    true, false = (_checked_words(getattr(reading, name), param=name) for name in ("true_words", "false_words"))
    if both := true & false:
        message = f"{min(both)!r} cannot mean true and false."
        raise Refused("invalid_option", message, param="false_words")


def _check_word(word: str | None, known: Iterable[str], *, param: str) -> None:
    if word is not None and word not in {*known}:
        raise Refused("invalid_option", f"Must be one of {', '.join(known)}.", param=param)


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = "Must be a time zone by its IANA name, such as Europe/Berlin or UTC."
        raise Refused("invalid_option", message, param="time_zone") from error


def is_separator(text: str) -> bool:
    """Returns whether entries of a list may stand between it: one character that belongs to no word."""
    return len(text) == 1 and not text.isalnum() and text not in '"\0' and (text.isprintable() or text in "\n\t")


def _checked_words(words: Iterable[str], *, param: str) -> set[str]:
    """As they are compared."""
    found = {folded(checked_text(word, param=param).strip()) for word in words}
    if len(found) > DEFAULT_LIMITS.notation_words:
        raise Refused("invalid_option", f"At most {DEFAULT_LIMITS.notation_words} words.", param=param)
    if any(map(is_blank, found)):
        raise Refused("invalid_option", "An empty cell is not given; it cannot stand for a word.", param=param)
    return found
