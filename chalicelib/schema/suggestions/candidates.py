"""Rates the fields that a header may mean: name, alias or words of the header, then what the values say.

How sure a rating is stands in one table each: of what is found (`_BY_DOUBTS`), of what else the header says
(`_LEFT_OVER`), and of what the values say (`_BY_VOTE`). Below `LEAST_CONFIDENCE` nothing is suggested.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from chalicelib.model.columns import Evidence
from chalicelib.model.resources import Field, FieldType, Resource, squeezed
from chalicelib.schema.suggestions.header_parser import Segment
from chalicelib.schema.suggestions.recipes import Recipe, fields_that_look_like, recipes_of
from chalicelib.schema.suggestions.values import Samples, Vote, vote

LEAST_CONFIDENCE = 0.5

_NAME, _ALIAS = 0.99, 0.97
_BY_DOUBTS = (0.95, 0.8, 0.65)
_CONTRADICTED = 0.6
"""An alias whose words mean something else, unless there are values that do not speak for it."""
_BY_VOTE: Mapping[Vote, float] = {Vote.AGAINST: 0.4, Vote.NOTHING: 0.99, Vote.FOR: 1.0}
_BY_VOTE_OF_CHOICE: Mapping[Vote, float] = {**_BY_VOTE, Vote.AGAINST: 0.7, Vote.NOTHING: 0.93}
"""Values that are none of a field's choices may be words of a system of its own, which a caller may map."""
_LEFT_OVER: Mapping[str, float] = {
    "filler": 1.0,
    "info": 1.0,
    "required": 1.0,
    "one": 1.0,
    "primary": 0.98,
    "business": 0.98,
    "measure": 0.98,
    "billing": 0.93,
    "home": 0.75,
    "shipping": 0.7,
    "second": 0.6,
    "expected": 0.98,
}
"""What a header says besides the field, and how much of the confidence is left."""
_WHERE = ("business", "billing", "home", "shipping")
_NOT_FIRST = frozenset({*_WHERE, "second"})
_NOT_PLACED = 0.6
"""What is left of these for a field of which there is only one."""
_NEEDS_VALUES = len(_BY_DOUBTS) - 1
"""So many doubts that only the values can dispel them."""
_MORE_SPECIAL = 0.005
"""What each further concept of a recipe adds."""
_OWN = 0.99
_ASIDE = 0.8
"""Something else that stands in brackets."""
_ONLY_ASIDE = 0.85
"""A field that stands in brackets only."""
_UNKNOWN_ASIDE = 0.97
_UNKNOWN_BUT_PROVEN = 0.6
"""A word that is not known, where the values leave no doubt about the type of the field."""
_TELLING = frozenset({FieldType.EMAIL, FieldType.PHONE, FieldType.URL})
"""Types whose values look like nothing else."""
_PLACES = frozenset({"address", "address_line2", "city", "state", "postal_code", "country"})
_PLACED = _PLACES | {"name", "company_name", "company", "location"}
"""Fields of which there may be one for work and one for home."""
_CODED = frozenset({"country", "state", "currency", "unit", "location"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A field that a column may feed."""

    field: str
    confidence: float
    """0 to 1."""
    why: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """What is known of a column."""

    resource: Resource
    header: str
    segments: tuple[Segment, ...]
    samples: Samples


def candidates_of(column: Column) -> list[Candidate]:
    """Returns the fields that a column may feed, each once, the surest first."""
    best: dict[str, Candidate] = {}
    for found in (*_each_by_words(column), *_each_by_name(column)):
        if found.field not in best or found.confidence > best[found.field].confidence:
            best[found.field] = found
    likely = [one for one in best.values() if one.confidence >= LEAST_CONFIDENCE]
    return sorted(likely, key=lambda one: -one.confidence)


def _each_by_words(column: Column) -> Iterator[Candidate]:
    for recipe in _each_recipe(column):
        field = column.resource.by_name[recipe.field]
        found = vote(field, column.samples)
        if recipe.doubts < _NEEDS_VALUES or found is Vote.FOR:
            base = _BY_DOUBTS[recipe.doubts] + _MORE_SPECIAL * (len(recipe.concepts) - 1)
            confidence = base * _left_over(column, recipe, field, found) * _factor(field, found)
            yield Candidate(field.name, confidence, _why(Evidence.WORDS, found))


def _each_by_name(column: Column) -> Iterator[Candidate]:
    """A header that imports map by themselves (`HeaderRules`) is as sure as its words let it be."""
    field = column.resource.by_header.get(squeezed(column.header))
    if field is None or field.is_computed:
        return
    found = vote(field, column.samples)
    is_name = squeezed(field.name) == squeezed(column.header)
    doubts = min((one.doubts for one in _each_recipe(column) if one.field == field.name), default=None)
    is_contradicted = doubts is None and not is_name and all(one.concepts for one in column.segments)
    needs_values = is_contradicted or doubts == _NEEDS_VALUES
    if found is Vote.FOR or not (needs_values and column.samples.values):
        sure = _CONTRADICTED if is_contradicted else _NAME if is_name else _ALIAS
        confidence = (_BY_DOUBTS[doubts] if doubts else sure) * _factor(field, found)
        yield Candidate(field.name, confidence, _why(Evidence.NAME if is_name else Evidence.ALIAS, found))


def _each_recipe(column: Column) -> Iterator[Recipe]:
    concepts = {concept for segment in column.segments for concept in segment.concepts}
    return (one for one in recipes_of(column.resource).recipes if one.concepts <= concepts)


def _factor(field: Field, found: Vote) -> float:
    return (_BY_VOTE_OF_CHOICE if field.type is FieldType.CHOICE else _BY_VOTE)[found]


def _why(evidence: Evidence, found: Vote) -> tuple[Evidence, ...]:
    return (evidence, Evidence.VALUES) if found is Vote.FOR else (evidence,)


def _left_over(column: Column, recipe: Recipe, field: Field, found: Vote) -> float:
    """Returns what is left of the confidence after all that the header says besides the recipe."""
    is_main = any(not one.is_aside and one.concepts & recipe.concepts for one in column.segments)
    left = 1.0 if is_main else _ONLY_ASIDE
    open_concepts = set(recipe.concepts)
    for segment in column.segments:
        if not segment.concepts & recipe.concepts:
            left *= _share_left(column, segment, field, found)
        elif not segment.concepts & open_concepts:
            allowed = _allowed(column.resource, field.name)
            left *= min((allowed[one] for one in segment.concepts & _NOT_FIRST), default=1.0)
        open_concepts -= segment.concepts
    return left


def _share_left(column: Column, segment: Segment, field: Field, found: Vote) -> float:
    if not segment.concepts:
        is_proven = field.type in _TELLING and found is Vote.FOR
        return _UNKNOWN_ASIDE if segment.is_aside else _UNKNOWN_BUT_PROVEN if is_proven else 0.0
    allowed = _allowed(column.resource, field.name)
    return max(_ASIDE if segment.is_aside else 0.0, *(allowed.get(one, 0.0) for one in segment.concepts))


@cache
def _allowed(resource: Resource, name: str) -> Mapping[str, float]:
    """Returns what may stand with a field in its header: own nouns, the date of a date, the name of a country."""
    field = resource.by_name[name]
    share = 1.0 if name in _PLACED or field.type in _TELLING else _NOT_PLACED
    own = dict.fromkeys(recipes_of(resource).own, _OWN)
    return {**_LEFT_OVER, **{one: _LEFT_OVER[one] * share for one in _WHERE}, **own, **_allowed_with(field)}


def _allowed_with(field: Field) -> Mapping[str, float]:
    has_name = field.name in fields_that_look_like("label") | fields_that_look_like("contact")
    is_code = field.name in fields_that_look_like("code")
    is_date = field.type in (FieldType.DATE, FieldType.DATETIME)
    allowed = {
        "date": 0.99 if is_date else 0.0,
        "name": 0.97 if has_name else 0.0,
        "address": 0.97 if field.name in _PLACES else 0.0,
        "code": 0.95 if field.name in _CODED or is_code else 0.0,
        "number": 0.97 if field.type is FieldType.PHONE or is_code else 0.0,
    }
    return {concept: share for concept, share in allowed.items() if share}
