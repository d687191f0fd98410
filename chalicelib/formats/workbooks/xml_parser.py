"""Parses the XML inside a workbook, block by block, in bounded memory.

In come blocks of bytes and a handler, which is told each element; the caller gets its turn whenever a piece has been
parsed. Names arrive as they are written, with their namespace prefix if they have one: files in the wild use several.
Document types and entities are refused where they are declared, before any is expanded: no spreadsheet program writes
them. An exception in a handler stops expat at once.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NoReturn, Protocol
from xml.parsers import expat

from chalicelib.errors import Refused
from chalicelib.formats.zip_package import damaged, too_expansive

Attributes = dict[str, str]

LONGEST_TAG_BYTES = 512 << 10
"""A tag or a comment must be complete before it can be parsed; the text of a cell need not."""
PIECE_BYTES = 16 << 10
"""What is parsed at a time. All rows of a piece are held at once, and a few bytes can stand for 16,384 cells."""
DEEPEST = 256
"""Elements within each other, each of which takes memory while it is open. Handlers count them."""
_PRELUDE = re.compile(rb"\A\s*(<\?xml[^<>]*>)[^<]*")
_ENCODINGS = frozenset({"utf-8", "utf8", "utf-16", "us-ascii", "ascii", "iso-8859-1"})


class XmlHandler(Protocol):
    """Is told the elements of a document in their order."""

    def start(self, name: str, attributes: Attributes) -> None:
        """Takes note that an element begins."""

    def end(self, name: str) -> None:
        """Takes note that an element ends."""

    def text(self, text: str) -> None:
        """Takes note of text within the element that was begun last."""


def each_parsed(blocks: Iterable[bytes], handler: XmlHandler, part: str) -> Iterator[None]:
    """Yields once for each piece that has been parsed; lazy. Raises Refused `damaged_workbook` where the part is not
    well-formed or declares entities, and `expansion_refused` where one of its tags is too large to be held."""
    parser = _parser_for(handler, part)
    fed = 0
    try:
        for block in _in_pieces(_without_prelude(blocks)):
            parser.Parse(block, False)
            fed += len(block)
            if fed - max(parser.CurrentByteIndex, 0) > LONGEST_TAG_BYTES:
                raise too_expansive(f"a tag in its part {part[:80]!r} is larger than {LONGEST_TAG_BYTES} bytes")
            yield
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError) as error:
        raise damaged(f"its part {part[:80]!r} is not well-formed ({str(error)[:80]})") from error
    yield


def _without_prelude(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yields the blocks without what stands around the XML declaration, which other readers do not mind either."""
    is_first = True
    for block in blocks:
        yield _PRELUDE.sub(rb"\1", block, count=1) if is_first else block
        is_first = False


def _in_pieces(blocks: Iterable[bytes]) -> Iterator[bytes]:
    for block in blocks:
        for at in range(0, len(block), PIECE_BYTES):
            yield block[at : at + PIECE_BYTES]


def each_tag(blocks: Iterable[bytes], part: str) -> Iterator[tuple[str, str, Attributes]]:
    """Yields the parent's name, the name and the attributes of each element; lazy, without prefixes in the names."""
    tags = _TagHandler()
    for _ in each_parsed(blocks, tags, part):
        yield from tags.found
        tags.found.clear()


def too_deep() -> Refused:
    """Returns a refusal `expansion_refused` for elements that lie too deep within each other."""
    return too_expansive(f"one of its parts nests deeper than {DEEPEST} elements")


def local_name(name: str) -> str:
    """Returns the name without its namespace prefix."""
    return name.rpartition(":")[2]


class _TagHandler:
    def __init__(self) -> None:
        self.found: list[tuple[str, str, Attributes]] = []
        self._path = [""]

    def start(self, name: str, attributes: Attributes) -> None:
        name = local_name(name)
        self.found.append((self._path[-1], name, attributes))
        self._path.append(name)
        if len(self._path) > DEEPEST:
            raise too_deep()

    def end(self, name: str) -> None:
        self._path.pop()

    def text(self, text: str) -> None:
        """Does nothing, because only tags are wanted."""


def _parser_for(handler: XmlHandler, part: str) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 64 << 10
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ExternalEntityRefHandler = _refusing(part)
    parser.XmlDeclHandler = _encoding_check(part)
    return parser


def _refusing(part: str) -> Callable[..., NoReturn]:
    def refuse(*_: object) -> NoReturn:
        raise damaged(f"its part {part[:80]!r} declares entities")

    return refuse


def _encoding_check(part: str) -> Callable[[str, str | None, int], None]:
    def check(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in _ENCODINGS:
            raise damaged(f"its part {part[:80]!r} is not in UTF-8")

    return check
