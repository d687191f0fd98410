"""Knows which names a record would use for itself, so that a JSON object that is one can be told from one that holds
many.

A declared resource and the import's column mapping come in; out come sets of names, squeezed as headers are compared.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.resources import Resource, squeezed


def names(text: str) -> frozenset[str]:
    """Returns the words of a text."""
    return frozenset(text.split())


LIST_NAMES = names("records data items results rows entries objects values value")
"""Names under which JSON objects usually hold the list of their rows."""
ENVELOPE_NAMES = names(
    """meta metadata links paging pagination pageinfo errors warnings messages aggregations facets facetcounts
    highlighting schema fields columns curies filters sort params parameters context @context shards included"""
)
"""Names under which documents tell about themselves: a list below one of them is not the list of rows."""
COMMON_NAMES = names(
    """id name title status state type resource description source url count size message summary note notes
    total version category label labels comment comments html text body subject content location region"""
)
"""Names that documents use for themselves as often as records do: one of them does not prove a record."""


@dataclass(frozen=True, slots=True)
class RecordNames:
    """The names that records of a resource have for their fields, all squeezed (`model.resources.squeezed`)."""

    fields: frozenset[str]
    """Names and aliases of the fields that a source may give."""
    identities: frozenset[str]
    """The names of fields, `id` excepted, of which one identifies a record by itself."""
    computed: frozenset[str]
    """The names of fields that the service sets, and writes into its exports; they prove nothing."""
    nouns: frozenset[str]
    """What a list of such records may be called, as far as no field is called so."""

    @classmethod
    def of(cls, resource: Resource, mapping: Mapping[str, str] | None = None) -> "RecordNames":
        """Returns the names of a resource. `mapping` is the import's column mapping: header by field."""
        by_header = {name: one.name for name, one in resource.by_header.items() if not one.is_computed}
        by_header |= {squeezed(header): name for name, header in (mapping or {}).items() if header}
        singles = {one.fields[0] for one in resource.identities if len(one.fields) == 1} - {"id"}
        computed = frozenset(name for name, one in resource.by_header.items() if one.is_computed) - by_header.keys()
        nouns = {squeezed(resource.name), squeezed(resource.singular)} - by_header.keys()
        identities = (header for header, name in by_header.items() if name in singles)
        return cls(frozenset(by_header), frozenset(identities), computed, frozenset(nouns))

    @classmethod
    @cache
    def of_any(cls) -> "RecordNames":
        """Returns the names of all resources together, for a source whose resource was not stated."""
        all_words = [cls.of(resource) for resource in RESOURCES.values()]
        return cls(
            frozenset().union(*(words.fields for words in all_words)),
            frozenset().union(*(words.identities for words in all_words)) - COMMON_NAMES,
            frozenset().union(*(words.computed for words in all_words)),
            frozenset(squeezed(name) for one in RESOURCES.values() for name in (one.name, one.singular)),
        )

    def is_identity(self, name: str) -> bool:
        """Returns whether a field of this name identifies a record by itself."""
        return name == "id" or name in self.identities

    def may_hold_list(self, name: str) -> bool:
        """Returns whether a record may have a list, or an object with lists in it, under this name: it is a field of
        some resource, and not what a list of such records is called."""
        return name in self.fields or (name in RecordNames.of_any().fields and name not in self.nouns)

    def is_record(self, own: "OwnNames") -> bool:
        """Returns whether an object with these names for single values is a record beyond doubt: it names itself by a
        strong identity, or by one that documents have too, and then has no name that is no field."""
        if own.known & self.identities - COMMON_NAMES:
            return True
        is_named = bool(own.known & self.identities) or ("id" in own.known and len(own.known) > 1)
        return is_named and not own.has_unknown

    def strength(self, own: "OwnNames") -> int:
        """Returns how much speaks for a record: 0 nothing, 1 one field that only records have, 2 more than that."""
        telling = own.known - COMMON_NAMES
        return min(2, len(telling) + bool(telling & self.identities))


class OwnNames:
    """The names under which one object holds single values, as far as they are fields. Memory is bounded by the number
    of fields."""

    def __init__(self, record_names: RecordNames) -> None:
        self._record_names = record_names
        self.known: set[str] = set()
        self.has_unknown = False

    def add(self, name: str) -> None:
        """Adds one name, squeezed."""
        if name in self._record_names.fields:
            self.known.add(name)
        elif name not in self._record_names.computed:
            self.has_unknown = True

    def add_all(self, names: Iterable[str]) -> "OwnNames":
        """Adds several names, squeezed, and returns itself."""
        for name in names:
            self.add(name)
        return self
