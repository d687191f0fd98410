"""Finds what a row or a record is known by: fields go in, identity keys come out.

Values are normalised before they are hashed, so that what means the same has the same key. `model/identity_keys.py`
says what a key looks like, `imports/phases/transforming.py` how a row finds its record by them.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from string import punctuation
from typing import Any

import idna

from chalicelib.model.identity_keys import ID_PREFIX, claims_of, prefix_of
from chalicelib.model.invisible_characters import visible
from chalicelib.model.problem_codes import ProblemCode, Severity
from chalicelib.model.problems import Problem
from chalicelib.model.resources import Identity, Normalisation, Resource
from chalicelib.model.rows import Draft, Fields, Value
from chalicelib.schema.defaults import with_derived

KeyFinder = Callable[[Fields], str | None]
"""Finds the key of one identity, None where the fields do not give it."""

DIGEST_BYTES = 16
_EMPTY = blake2b(digest_size=DIGEST_BYTES)
"""An empty hash to be copied, which is cheaper than to make one."""

_NO_DIGITS = re.compile(r"[^0-9]+")


def normalised(text: str, normalisation: Normalisation) -> str:
    """Returns the same text for everything that means the same; empty where nothing is left to compare."""
    return _NORMALISERS[normalisation](text)


def identity_keys(resource: Resource, fields: Fields) -> list[str]:
    """Returns one key for each identity whose fields are all given, in declared order.

    A field that stands for an identity's own is taken before it: it names the record as it is so far.
    """
    if resource.stand_ins:
        fields = fields | {stood: fields[name] for name, stood in resource.stand_ins.items() if fields.get(name)}
    return [key for find in _finders(resource)[0] if (key := find(fields)) is not None]


def match_keys(resource: Resource, fields: Fields) -> tuple[str, ...]:
    """Returns keys as `identity_keys` does, for the match fields; a name counts also where only its parts are given."""
    if not resource.match_fields:
        return ()
    complete = with_derived(resource, fields)
    return tuple([key for find in _finders(resource)[1] if (key := find(complete)) is not None])


def claimed_keys(resource: Resource, fields: Fields, draft: Draft) -> tuple[str, ...]:
    """Returns the identity keys of a record's fields, that of `id` excepted.

    They are those of the draft that made the record where nothing they are made from has changed, since hashing is
    expensive.
    """
    given, names = draft.fields, resource.key_fields
    is_same = fields is given or [*map(given.get, names)] == [*map(fields.get, names)]
    if not (is_same and resource.has_lasting_keys):
        return claims_of(identity_keys(resource, fields))
    keys = draft.identity_keys
    if resource.match_fields:
        return tuple([key for key in keys if key.startswith(resource.claim_prefixes)])
    return tuple(keys[1:] if keys and keys[0].startswith(ID_PREFIX) else keys)


def has_invalid_identity(resource: Resource, problems: Iterable[Problem]) -> bool:
    """Returns whether a problem is about an identity that the row gives and that is invalid.

    An identity that refuses to be cleared is none: there was nothing to read.
    """
    naming = identifying_fields(resource)
    return any(
        problem.field in naming and problem.severity is Severity.ERROR and problem.code is not ProblemCode.REQUIRED
        for problem in problems
    )


def identifying_fields(resource: Resource) -> frozenset[str]:
    """Returns the fields that say which record a row means."""
    return frozenset(name for one in resource.identities for name in one.fields).union(resource.stand_ins)


@lru_cache(maxsize=64)
def _finders(resource: Resource) -> tuple[list[KeyFinder], list[KeyFinder]]:
    """Returns the key finders of the identities, and of the match fields; made once per resource, as every row needs
    them.
    """
    return [*map(_finder, resource.identities)], [*map(_finder, resource.match_fields)]


def column_key_finder(identity: Identity) -> Callable[[Sequence[Any]], list[str | None]]:
    """Returns the function that finds the keys of a single-field identity in a column of that field's values.

    Columns of plain ids and addresses, which a few checks of the whole column recognise, need no check of each value.
    """
    prefix, key_of = prefix_of(identity.name), _key_finder(identity)
    ascii_form = _ASCII_FORMS.get(identity.normalisation) if prefix != ID_PREFIX else None

    def find(values: Sequence[Any]) -> list[str | None]:
        given = [value for value in values if value is not None] if None in values else values
        joined = _plainly_joined(given) if ascii_form else None
        if joined is None or ascii_form is None:
            return [*map(key_of, values)]
        digests = _digests(ascii_form(joined).encode().split())
        keys = [prefix + digest for digest in digests]
        if len(keys) == len(values):
            return [*keys]
        rest = iter(keys)
        return [None if value is None else next(rest) for value in values]

    return find


def _plainly_joined(values: Sequence[Any]) -> str | None:
    """Returns all values with a space between them; None unless they are all ASCII texts without any space."""
    try:
        joined = " ".join(values)
    except TypeError:
        return None
    is_plain = joined.isascii() and joined.isprintable()  # texts are split at separators such as \x1f, bytes are not
    return joined if is_plain and len(joined.split()) == len(values) == joined.count(" ") + 1 else None


def _digests(texts: Iterable[bytes]) -> Iterator[str]:
    for text in texts:
        digest = _EMPTY.copy()
        digest.update(text)
        yield digest.hexdigest()


def _key_finder(identity: Identity) -> Callable[[Value], str | None]:
    prefix, normalise = prefix_of(identity.name), _NORMALISERS[identity.normalisation]

    def find(value: Value) -> str | None:
        text = normalise(str(value)) if value is not None else ""
        return prefix + (text if prefix == ID_PREFIX else _digest(text)) if text else None

    return find


_ASCII_FORMS: Mapping[Normalisation, Callable[[str], str]] = {
    Normalisation.EXACT: str,
    Normalisation.EMAIL: str.lower,
    Normalisation.CASELESS: str.lower,
}
"""What the normalisers come to for ASCII text without any space."""


def _finder(identity: Identity) -> KeyFinder:
    prefix, normalise = prefix_of(identity.name), _NORMALISERS[identity.normalisation]
    names = identity.fields
    key_of, name = _key_finder(identity), names[0]

    def find_one(fields: Fields) -> str | None:
        return key_of(fields.get(name))

    def find_all(fields: Fields) -> str | None:
        """Lengths keep `a, bc` and `ab, c` apart, whatever characters the values hold."""
        texts = [normalise(str(fields[name])) if fields.get(name) is not None else "" for name in names]
        return prefix + _digest("".join(f"{len(text)}:{text}" for text in texts)) if all(texts) else None

    return find_one if len(names) == 1 else find_all


def _digest(text: str) -> str:
    try:
        encoded = text.encode()
    except UnicodeEncodeError:  # a lone surrogate; to ask for them at once would take four times as long
        encoded = text.encode("utf-8", "surrogatepass")
    return blake2b(encoded, digest_size=DIGEST_BYTES).hexdigest()


def _exact(text: str) -> str:
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", visible(text)).strip()


def _caseless(text: str) -> str:
    # Folding can take a text out of NFC, so it is composed before and after.
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFC", _exact(text).casefold())
    return " ".join(folded.split())


def _name(text: str) -> str:
    """Returns letters, digits and symbols only; a name of nothing but punctuation is compared as it is."""
    folded = _caseless(text)
    if folded.isascii():
        return folded.translate(_ASCII_PUNCTUATION) or folded
    bare = "".join(one for one in folded if not one.isspace() and not unicodedata.category(one).startswith("P"))
    return unicodedata.normalize("NFC", bare) or folded


_ASCII_PUNCTUATION = {ord(one): None for one in " " + punctuation if one == " " or unicodedata.category(one)[0] == "P"}


def _email(text: str) -> str:
    folded = _caseless(text)
    if folded.isascii():
        return folded
    local, at, domain = folded.rpartition("@")
    return local + at + _ascii_domain(domain)


def _ascii_domain(domain: str) -> str:
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain


def _phone(text: str) -> str:
    """Returns `+` and digits if the country is known; an extension keeps numbers apart."""
    number, _, extension = visible(text).strip().partition(";ext=")
    digits, inner = _NO_DIGITS.sub("", number), _NO_DIGITS.sub("", extension)
    if number.startswith("+"):
        digits = f"+{digits}" if digits else ""
    elif digits.startswith("00"):
        digits = f"+{digits[2:]}" if digits[2:] else ""
    return f"{digits};ext={inner}" if digits and inner else digits


_NORMALISERS: Mapping[Normalisation, Callable[[str], str]] = {
    Normalisation.EXACT: _exact,
    Normalisation.CASELESS: _caseless,
    Normalisation.NAME: _name,
    Normalisation.EMAIL: _email,
    Normalisation.PHONE: _phone,
}
