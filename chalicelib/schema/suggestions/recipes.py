"""Which concepts mean which field of a resource: read from the catalogue's text `fields.txt`, once a resource."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from chalicelib.model.resources import Resource
from chalicelib.schema.suggestions.lexicon import FOLDER

_ANY = "any"
"""The section that holds for every resource."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Concepts that, found together in a header, mean a field."""

    field: str
    concepts: frozenset[str]
    doubts: int = 0
    """0: sure; 1: never sure; 2: only where the values speak for it."""


@dataclass(frozen=True)
class Recipes:
    """All recipes of a resource."""

    recipes: tuple[Recipe, ...]
    own: frozenset[str]
    """The nouns for its records: they add nothing to a header."""


@cache
def recipes_of(resource: Resource) -> Recipes:
    """Returns the recipes of a resource."""
    own = {concept for name, recipe in _lines(resource.name) if name == "own" for concept in recipe.concepts}
    each = [recipe for section in (_ANY, resource.name) for _, recipe in _lines(section)]
    fields = {one.name for one in resource.fields if not one.is_computed}
    return Recipes(tuple(one for one in each if one.field in fields), frozenset(own))


@cache
def fields_that_look_like(kind: str) -> frozenset[str]:
    """Returns the names of the fields whose values look like this: person, label, code, contact."""
    return frozenset(concept for name, recipe in _lines("values") if name == kind for concept in recipe.concepts)


def _lines(section: str) -> Iterator[tuple[str, Recipe]]:
    for name, texts in _sections().get(section, {}).items():
        for text in texts.split(","):
            words = text.split()
            doubts = len(words.pop()) if words[-1].startswith("?") else 0
            yield name, Recipe(name, frozenset(words), doubts)


@cache
def _sections() -> Mapping[str, Mapping[str, str]]:
    sections: dict[str, dict[str, str]] = {}
    section = ""
    for line in (FOLDER / "fields.txt").read_text("utf-8").splitlines():
        name, _, texts = line.partition(":")
        if line.startswith("#") or not line.strip():
            continue
        if line.startswith(" "):
            sections[section][name.strip()] = texts.strip()
        else:
            section = line.strip()
            sections[section] = {}
    return sections
