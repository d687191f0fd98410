"""The language in which a resource is declared: fields, identities, references, defaults.

A declaration is data. `schema/` reads it to parse values and to find identities, `imports/phases/` to match rows with
records, the dialects to name things. The declarations themselves are in `model/catalogue/`, one file each.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from chalicelib.model.identity_keys import prefix_of
from chalicelib.model.invisible_characters import visible
from chalicelib.model.rows import Value

_GAPS = re.compile(r"[\s_-]+")
_HUMPS = re.compile(r"_|(?<=[a-z])(?=[A-Z0-9])")
_SPELLINGS = {"id": "ID", "sku": "SKU", "sla": "SLA", "linkedin": "LinkedIn"}
"""Of words in labels."""


def squeezed(name: str) -> str:
    """Returns a header, field or resource name as it is compared: without case, spaces, hyphens, underscores and
    invisible characters."""
    return _GAPS.sub("", visible(name)).casefold()


class FieldType(StrEnum):
    """How text becomes a value. Only the declared type decides; nothing is guessed from content."""

    TEXT = "text"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    ID = "id"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    CHOICE = "choice"
    LIST = "list"
    """Texts; in a cell separated by line ends, commas, semicolons or pipes, or a JSON array."""
    MAP = "map"
    """A JSON object; in a CSV cell as JSON text."""


CODES = frozenset({"external_id", "sku", "serial_number", "slug", "domain"})
"""Names of text fields that hold a code, not words; invisible characters in them are never meant."""


class Normalisation(StrEnum):
    """How values are made comparable before they are compared as identities."""

    EXACT = "exact"
    """Without invisible characters and surrounding space, in Unicode NFC."""
    CASELESS = "caseless"
    """As exact, then case folded and inner space collapsed: names of groups, slugs, domains."""
    NAME = "name"
    """As caseless, without any space and punctuation: names of people, companies and opportunities."""
    EMAIL = "email"
    """As caseless, with the domain in its ASCII form."""
    PHONE = "phone"
    """E.164 where a country is known, otherwise the digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a resource."""

    name: str
    type: FieldType = FieldType.TEXT
    required: bool = False
    """A row that creates a record must give it."""
    aliases: tuple[str, ...] = ()
    """Headers that mean this field, beside its name; compared without case, spaces, hyphens and underscores."""
    choices: tuple[str, ...] = ()
    choice_aliases: Mapping[str, str] = field(default_factory=dict)
    """Other words for a choice: {"critical": "urgent"}."""
    max_length: int = 0
    """In characters; 0 means the limit `text_characters`."""
    minimum: int | None = None
    maximum: int | None = None
    default: str | bool | None = None
    """What a created record gets where the row gives nothing."""
    is_computed: bool = False
    """Set by the service alone: shown, never read from a source."""
    stands_for: str = ""
    """Finds the record by the value it has so far in that identity field, which the row may change; never stored."""
    part_of: str = ""
    """Joined with the other parts of that field, where a row does not give the field itself; never stored."""
    example: str = ""
    """For templates and documentation."""
    help: str = ""

    @property
    def is_stored(self) -> bool:
        """Whether records have it: it does not only serve to find a record or to make another field."""
        return not (self.stands_for or self.part_of)

    @property
    def label(self) -> str:
        """Returns the name for people: `customerId` is "Customer ID", `address_line2` "Address line 2"."""
        words = _HUMPS.sub(" ", self.name).casefold().split()
        text = " ".join(_SPELLINGS.get(one, one) for one in words)
        return text[:1].upper() + text[1:]

    @property
    def is_code(self) -> bool:
        """Whether the field holds a code, not words."""
        return self.type is FieldType.TEXT and self.name in CODES


@dataclass(frozen=True, slots=True)
class Identity:
    """The field values by which two rows, or a row and a record, are the same thing."""

    fields: tuple[str, ...]
    """More than one makes a composite identity: it counts only where all are given."""
    normalisation: Normalisation = Normalisation.EXACT

    @property
    def name(self) -> str:
        """Returns the names of its fields, joined by a plus sign; its keys begin with that."""
        return "+".join(self.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A field that names a record of this or another resource."""

    field: str
    resource: str
    by: tuple[str, ...]
    """Identities or match fields of that resource by which a value is looked up, in order; "id" is one of them."""
    stored_as: str = ""
    """The field that receives the id of the record found; empty keeps the id in `field` itself."""
    is_required: bool = False
    """A dead or ambiguous reference fails the row instead of being left out."""
    creates_missing: bool = False
    """A dead reference creates the record it names."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """A field that is its parts joined by spaces: either side, where only it is given, gives the other."""

    whole: str
    parts: tuple[str, str]


@dataclass(frozen=True, kw_only=True, eq=False)
class Resource:
    """A declared kind of record; `name` is the plural by which the catalogue lists it.

    It is equal only to itself, so that what is compiled from a declaration can be remembered with it.
    """

    name: str
    singular: str
    id_prefix: str
    """Three letters that start the ids of its records."""
    fields: tuple[Field, ...]
    identities: tuple[Identity, ...]
    """Unique identities, in order. `id` needs no claim: a record's key is its id."""
    match_fields: tuple[Identity, ...] = ()
    """Indexed, not unique; only duplicate detection uses them."""
    references: tuple[Reference, ...] = ()
    location_field: str = ""
    """The field an import's `location_id` fills and an overwrite is limited by; empty where the resource has none."""
    any_of: tuple[tuple[str, ...], ...] = ()
    """Groups of fields of which a created record must have at least one."""
    derivations: tuple[Derivation, ...] = ()

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """The fields by name, in declared order."""
        return {one.name: one for one in self.fields}

    @cached_property
    def by_header(self) -> Mapping[str, Field]:
        """The fields by squeezed name and alias; a name wins over another field's alias."""
        aliases = {squeezed(alias): one for one in self.fields for alias in one.aliases}
        return aliases | {squeezed(one.name): one for one in self.fields}

    @cached_property
    def creating_fields(self) -> tuple[str, ...]:
        """The fields that may create the record they name."""
        return tuple(one.field for one in self.references if one.creates_missing)

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The fields that a row which creates a record must give."""
        return tuple(one.name for one in self.fields if one.required)

    @cached_property
    def defaults(self) -> Mapping[str, Value]:
        """What a created record starts with; a list field's default is its only entry."""
        given = ((one, one.default) for one in self.fields if one.default is not None)
        return {one.name: [str(word)] if one.type is FieldType.LIST else word for one, word in given}

    @cached_property
    def stand_ins(self) -> Mapping[str, str]:
        """The fields that only find a record, each with the identity field it stands for."""
        return {one.name: one.stands_for for one in self.fields if one.stands_for}

    @cached_property
    def parts(self) -> Mapping[str, tuple[str, ...]]:
        """The fields that may be given in parts, each with its parts in their order."""
        wholes = dict.fromkeys(one.part_of for one in self.fields if one.part_of)
        return {whole: tuple(one.name for one in self.fields if one.part_of == whole) for whole in wholes}

    @cached_property
    def always_filled(self) -> frozenset[str]:
        """The fields that a created record has whatever the row gives: it must give them, or they have a default."""
        return frozenset(self.required) | self.defaults.keys()

    @cached_property
    def is_plain(self) -> bool:
        """Whether its fields do not depend on each other, and all of them are stored."""
        return not (self.stand_ins or self.derivations or self.any_of)

    @cached_property
    def claimed(self) -> tuple[Identity, ...]:
        """The identities that need an item of their own in the store: all but `id`."""
        return tuple(one for one in self.identities if one.fields != ("id",))

    @cached_property
    def claimed_names(self) -> frozenset[str]:
        """The names of the claimed identities."""
        return frozenset(one.name for one in self.claimed)

    @cached_property
    def claim_prefixes(self) -> tuple[str, ...]:
        """How the keys of the claimed identities begin."""
        return tuple(prefix_of(one.name) for one in self.claimed)

    @cached_property
    def key_fields(self) -> tuple[str, ...]:
        """The fields that make up the claimed identities."""
        return tuple(dict.fromkeys(name for one in self.claimed for name in one.fields))

    @cached_property
    def has_lasting_keys(self) -> bool:
        """Whether the keys of a row stay those of its fields through all phases: none is found by a stand-in, is named
        like that of a match field, or is made from a field that holds something else once references are resolved."""
        changed = {one.field for one in self.references} | {one.stored_as for one in self.references}
        matched = {one.name for one in self.match_fields}
        return not (self.stand_ins or changed.intersection(self.key_fields) or matched & self.claimed_names)
