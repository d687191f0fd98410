"""Walks through a JSON document that begins with an object, for the list of rows in it.

Bytes come in, an outline is filled, and the elements of the list of rows go out while they are met. All that lies
before and behind that list is looked at, too: a second list there makes the source unclear, and the first must not be
taken for the whole. Memory is bounded by one element, and by the lists that an outline remembers.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chalicelib.formats.json.outline import ListFound, Outline
from chalicelib.formats.json.record_names import OwnNames
from chalicelib.formats.json.scanner import BrokenList, ElementScanner, Oversized
from chalicelib.formats.json.values import NotJson, parse_json
from chalicelib.model.limits import Limits

Element = bytes | Oversized
IsWanted = Callable[[ListFound], bool]


@dataclass(frozen=True, slots=True)
class _ObjectPath:
    """An object, by the names that lead to it."""

    path: tuple[str, ...]
    owners: tuple[OwnNames, ...]


class Walk:
    """One way through a document. `wants` says of a list of objects whether its elements are to be handed out."""

    def __init__(self, elements: ElementScanner, outline: Outline, wants: IsWanted, limits: Limits) -> None:
        self._elements = elements
        self._outline = outline
        self._wants = wants
        self._limits = limits

    def each_element(self) -> Iterator[Element]:
        """Yields the elements of the wanted lists; lazy. Raises BrokenList where the document is no JSON."""
        yield from self._through_object(_ObjectPath((), (self._outline.root,)))
        self._elements.finish()

    def _through_object(self, place: _ObjectPath) -> Iterator[Element]:
        elements = self._elements
        if len(place.path) > self._limits.json_depth:
            raise BrokenList(f"nested deeper than {self._limits.json_depth} levels")
        elements.take(b"{")
        if elements.next_byte() == b"}":
            return elements.take(b"}")
        while True:
            yield from self._through_member(place)
            if elements.next_byte() == b"}":
                return elements.take(b"}")
            elements.take(b",")

    def _through_member(self, place: _ObjectPath) -> Iterator[Element]:
        elements, owner = self._elements, place.owners[-1]
        name = _name(elements.text())
        elements.take(b":")
        mark, path = elements.next_byte(), (*place.path, name)
        if mark == b"[":
            yield from self._through_list(ListFound(path, place.owners))
        elif mark == b"{":
            self._outline.note_value(name, mark, owner)
            yield from self._through_object(_ObjectPath(path, (*place.owners, OwnNames(self._outline.record_names))))
        else:
            self._outline.note_value(name, self._single_value(), owner)

    def _single_value(self) -> bytes:
        """Returns nothing for a value that is too large to be kept."""
        raw = self._elements.value()
        if isinstance(raw, Oversized):
            return b""
        try:
            parse_json(raw, self._limits)
        except NotJson as error:
            raise BrokenList(error.detail, error.code, raw) from error
        return raw

    def _through_list(self, found: ListFound) -> Iterator[Element]:
        elements = self._elements
        elements.take(b"[")
        found.begins_with = elements.next_byte().replace(b"]", b"")
        self._outline.lists.append(found)
        is_wanted = found.begins_with == b"{" and self._wants(found)
        for element in elements.each(is_wrapped=True):
            found.elements += 1
            found.objects += is_object(element)
            if is_wanted:
                yield element
        self._outline.end(found)


def is_object(element: Element) -> bool:
    """Returns whether an element is an object. One that is too large to be kept counts as an object, because it would
    be a row."""
    return isinstance(element, Oversized) or element[:1] == b"{"


def _name(raw: Element) -> str:
    if isinstance(raw, Oversized):
        raise BrokenList("a name is too long")
    try:
        return str(json.loads(raw, strict=False))
    except ValueError as error:
        raise BrokenList("a name is not valid JSON", found=raw) from error
