"""Describes what a JSON document holds, apart from its rows, and decides which of its lists is the list of rows.

A walk through the document fills in the outline; the outline is then judged. The rule, as `docs/formats.md` tells it:

    an object that names itself as a record does, with its lists under names of fields   → one row
    exactly one list of objects, and nothing that speaks for a record around it          → its objects are the rows
    anything else with a list of objects in it                                           → refused, the lists named
"""

from dataclasses import dataclass, field
from enum import Enum, auto

from chalicelib.errors import Refused
from chalicelib.formats.json.record_names import ENVELOPE_NAMES, LIST_NAMES, OwnNames, RecordNames, names
from chalicelib.model.problems import quoted
from chalicelib.model.resources import squeezed

LISTS_REMEMBERED = 8
"""A refusal names this many lists; of further ones it tells the number."""

VALUE_LISTS_REMEMBERED = 64
"""Lists without objects: more of them say nothing new."""
_NEXT_PAGE = names(
    """next nextlink @odata.nextlink odata.nextlink nextpage nextpageurl nextpagelink nextpagetoken nexttoken nextcursor
    nextrecordsurl nexturl nextoffset hasmore hasmoreitems hasnext hasnextpage morerecords continuationtoken"""
)
"""Names under which a document says that it is one page of several, unless their value is empty."""
_NOTHING = frozenset({b"null", b"false", b'""', b"0", b"{}", b"[]"})


class DocumentKind(Enum):
    """What the rows of a document are."""

    RECORD = auto()
    """The document itself is the only row, and the lists in it are values of its fields."""
    ROWS = auto()
    """The objects of one list."""
    UNCLEAR = auto()
    NO_LIST = auto()
    """It holds no list of objects."""


@dataclass(slots=True, eq=False)
class ListFound:
    """One list of the document, and what the walk has counted in it."""

    path: tuple[str, ...]
    """The names that lead to it."""
    owners: tuple[OwnNames, ...]
    """The names of the objects that it lies in, the outermost first."""
    begins_with: bytes = b""
    """The first byte of its first element; nothing where it is empty."""
    elements: int = 0
    objects: int = 0

    @property
    def is_metadata(self) -> bool:
        """Returns whether the list stands where documents tell about themselves."""
        return any(squeezed(name) in ENVELOPE_NAMES for name in self.path)

    @property
    def quoted_path(self) -> str:
        """Returns the names that lead to the list as a message shows them."""
        return quoted(".".join(self.path))


@dataclass(slots=True)
class Outline:
    """What a walk through a document has found so far. `record_names` are the names that its records should have."""

    record_names: RecordNames
    root: OwnNames
    lists: list[ListFound] = field(default_factory=list)
    further_lists: int = 0
    """Lists of objects beyond those that are remembered."""
    are_further_fields: bool = True
    """Whether all of these stand under names of fields."""
    next_page: str = ""
    """The name under which the document says that there is another page; empty if it does not."""
    is_by_columns: bool = False
    """Whether an identity of the document is an object, as it is where the values of each field are kept together."""

    def end(self, found: ListFound) -> None:
        """Takes note that a list, which was added to `lists` when it began, has been walked through; forgets it if
        enough lists like it are remembered."""
        alike = sum(bool(one.objects) == bool(found.objects) for one in self.lists)
        if alike <= (LISTS_REMEMBERED if found.objects else VALUE_LISTS_REMEMBERED):
            return
        self.lists.remove(found)
        if found.objects:
            self.further_lists += not found.is_metadata
            self.are_further_fields &= self.record_names.may_hold_list(squeezed(found.path[0]))

    def note_value(self, name: str, raw: bytes, owner: OwnNames) -> None:
        """Takes note of a name with a single value, or with an object, which is given by its first byte."""
        key = squeezed(name)
        if raw not in (b"null", b"{"):
            owner.add(key)
        self.is_by_columns |= raw == b"{" and owner is self.root and self.record_names.is_identity(key)
        if key in _NEXT_PAGE and raw not in _NOTHING:
            self.next_page = name

    @property
    def candidates(self) -> list[ListFound]:
        """Returns the lists that hold objects and may be the list of rows."""
        return [one for one in self.lists if one.objects and not one.is_metadata]

    def kind(self) -> DocumentKind:
        """Returns what the document is, by all that has been walked through so far."""
        candidates = self.candidates
        filled = [one for one in self.lists if one.objects]
        are_fields = all(self.record_names.may_hold_list(squeezed(one.path[0])) for one in filled)
        if filled and are_fields and self.are_further_fields and self.record_names.is_record(self.root):
            return DocumentKind.RECORD
        if not candidates:
            is_empty = self._has_empty_list(is_alone=not filled)
            return DocumentKind.ROWS if is_empty else DocumentKind.UNCLEAR if filled else DocumentKind.NO_LIST
        is_only = len(candidates) == 1 and not self.further_lists
        return DocumentKind.ROWS if is_only and self._is_clear(candidates[0]) else DocumentKind.UNCLEAR

    def _is_clear(self, one: ListFound) -> bool:
        """Returns whether nothing around the list looks like a record that the list would belong to."""
        if one.begins_with != b"{":
            return False
        name = squeezed(one.path[-1])
        if name in self.record_names.nouns:
            return True
        if self._empty_names() & self.record_names.nouns or (
            name not in LIST_NAMES and self._empty_names() & LIST_NAMES
        ):
            return False
        strength = max(map(self.record_names.strength, one.owners))
        is_field = any(squeezed(step) in self.record_names.fields for step in one.path)
        if is_field and any(owner.known for owner in one.owners):
            return False
        return strength < (2 if name in LIST_NAMES else 1)

    def _empty_names(self) -> set[str]:
        return {squeezed(one.path[-1]) for one in self.lists if not one.elements and not one.is_metadata}

    def _has_empty_list(self, *, is_alone: bool) -> bool:
        """Returns whether the list of rows is there without any rows: under a usual name, or where nothing else is
        known of the document."""
        if self.record_names.strength(self.root):
            return False
        names = self._empty_names()
        is_usual = bool(names & (LIST_NAMES | self.record_names.nouns))
        return is_usual or (bool(names) and is_alone and not self.root.known)


TOO_LARGE = "one value that is larger than a row may be"


def refuse_unless_rows(outline: Outline) -> None:
    """Raises Refused, unless the document is too large to be a row and holds exactly one list of rows."""
    kind = outline.kind()
    if kind is DocumentKind.NO_LIST:
        refuse_without_list(outline)
        raise unreadable_document(TOO_LARGE)
    if kind is not DocumentKind.ROWS:
        raise _unclear(outline)


def refuse_unclear(outline: Outline) -> None:
    """Raises Refused `ambiguous_list`, unless it is clear what the rows of the document are."""
    if outline.kind() is DocumentKind.UNCLEAR:
        raise _unclear(outline)


def _unclear(outline: Outline) -> Refused:
    found = outline.candidates or [one for one in outline.lists if one.objects]
    shown = [f"{one.quoted_path} ({one.objects} {'row' if one.objects == 1 else 'rows'})" for one in found]
    shown += [f"{outline.further_lists} more"] if outline.further_lists else []
    message = (
        f"It is not clear which rows of the JSON document are meant. It holds lists of objects under: "
        f"{', '.join(shown)}. Send the list that is meant by itself; if the document is one record, send it in a list."
    )
    return Refused("ambiguous_list", message, candidates=shown)


def refuse_without_list(outline: Outline) -> None:
    """Raises Refused `unreadable_format` where a document without a list of objects is a table of another kind."""
    record_names, is_nameless = outline.record_names, not outline.root.known
    if record_names.is_record(outline.root):
        return
    if is_nameless and (
        outline.is_by_columns or any(record_names.is_identity(squeezed(one.path[-1])) for one in outline.lists)
    ):
        raise unreadable_document("a table by columns: the values of each field are kept together")
    for one in outline.lists:
        is_apart = not record_names.may_hold_list(squeezed(one.path[0])) and not record_names.strength(outline.root)
        if one.begins_with == b"[" and is_apart:
            raise unreadable_document(f"a table whose rows are lists of values, under {one.quoted_path}")


def unreadable_document(what: str) -> Refused:
    """Returns a refusal `unreadable_format` that says what the document is; `what` is a noun with its article."""
    message = (
        f"The JSON document is {what}. Send a list of objects, one for each row, with a field's name for each value."
    )
    return Refused("unreadable_format", message, found=what)
