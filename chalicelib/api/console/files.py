"""The files of the console and of the importer by language, as a browser is given them.

In goes a language, out comes the page, which names its scripts and its style sheet by their digests, so that they may
be kept forever. The first script imports files and is loaded at once; what else there is stands in the second, which
uses the first and is loaded when somebody goes there. Packaging joins the modules once for each language; where they
lie unpackaged, they are joined when they are first asked for.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import product
from pathlib import Path

from chalicelib.api.console.join_modules import join_modules

SOURCES = Path(__file__).parents[2] / "console"
JOINED = "joined"
"""The folder of what packaging has joined."""
DIGEST_CHARACTERS = 20

LANGUAGES = ("en", "de", "fr", "es")
"""The first is spoken where a browser asks for none of them."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and the modules with which its two scripts begin."""

    html: str
    entry: str
    later_entry: str


CONSOLE = Page("index.html", "main.js", "later.js")
IMPORTER = Page("importer.html", "importer.js", "importer_later.js")
PAGES = (CONSOLE, IMPORTER)


@dataclass(frozen=True, slots=True)
class ConsoleFile:
    """A file that never changes: another text has another name."""

    text: str
    content_type: str

    @property
    def name(self) -> str:
        """Returns the digest of the text with an ending that says what it is."""
        ending = ".js" if "javascript" in self.content_type else ".css"
        return sha256(self.text.encode()).hexdigest()[:DIGEST_CHARACTERS] + ending


@cache
def page_of(page: Page, language: str) -> str:
    """Returns the HTML of a page in this language."""
    html = (SOURCES / page.html).read_text(encoding="utf-8")
    script, later = scripts_of(page, language)
    given = {"language": language, "script": script.name, "later": later.name, "style": style().name}
    for name, value in given.items():
        html = html.replace(f"{{{name}}}", value)
    return html


@cache
def scripts_of(page: Page, language: str) -> tuple[ConsoleFile, ConsoleFile]:
    """Returns the script that a page loads at once, and the one that it loads later, with the words of a language."""
    paths = [SOURCES / JOINED / f"{language}.{entry}" for entry in (page.entry, page.later_entry)]
    texts = [path.read_text(encoding="utf-8") for path in paths if path.is_file()] or join_scripts(
        SOURCES, page, language
    )
    first, later = (ConsoleFile(text, "text/javascript") for text in texts)
    return first, later


@cache
def style() -> ConsoleFile:
    """Returns the style sheet."""
    path = SOURCES / JOINED / "console.css"
    return ConsoleFile(path.read_text(encoding="utf-8") if path.is_file() else join_styles(SOURCES), "text/css")


@cache
def element() -> str:
    """Returns the script of the element that embeds the importer."""
    return (SOURCES / "element" / "sluice-importer.js").read_text(encoding="utf-8")


@cache
def files_by_name() -> dict[str, ConsoleFile]:
    """Returns the scripts of every page and language, and the style sheet, by name."""
    files = [*(script for page in PAGES for language in LANGUAGES for script in scripts_of(page, language)), style()]
    return {file.name: file for file in files}


def join_scripts(sources: Path, page: Page, language: str) -> tuple[str, str]:
    """Returns both scripts of a page in this language from a folder of modules; the second imports from the first by
    its name. Raises NotJoinable.
    """
    words = words_of(sources, language)
    own = join_modules(sources, page.entry, {DICTIONARY: dictionary(language, {})}).text()
    first_words = {key: word for key, word in words.items() if _uses_words_like(own, key)}
    first = join_modules(sources, page.entry, {DICTIONARY: dictionary(language, first_words)})
    later = join_modules(sources, page.later_entry, {}, joined_before=first.texts)
    uses = sorted({*later.uses, "WORDS"})
    text = first.text(exports=uses)
    imports = f'import {{ {", ".join(uses)} }} from "./{ConsoleFile(text, "text/javascript").name}";\n'
    more = f"Object.assign(WORDS,{_as_json({key: words[key] for key in words.keys() - first_words.keys()})});\n"
    return text, imports + more + later.text(exports=("SCREENS",))


def _uses_words_like(script: str, key: str) -> bool:
    """Returns whether a script says words of this kind; which of them is often decided only when it says them."""
    kind = key.partition(".")[0]
    return any(f"{quote}{kind}{end}" in script for quote in "\"'`" for end in (".", '"'))


CSS_COMMENT = re.compile(r"/\*(?s:.*?)\*/\n?")
CSS_SPACE = re.compile(r"\s*([{};])\s*")


def join_styles(sources: Path) -> str:
    """Returns the style sheets of a folder as one, `base.css` first, without comments and idle spaces."""
    paths = sorted((sources / "styles").glob("*.css"), key=lambda path: (path.name != "base.css", path.name))
    text = CSS_COMMENT.sub("", "".join(path.read_text(encoding="utf-8") for path in paths))
    return CSS_SPACE.sub(r"\1", text)


DICTIONARY = "dictionary.js"
Words = Mapping[str, str | dict[str, str]]


def words_of(sources: Path, language: str) -> Words:
    """Returns the words of a language by their keys."""
    words: Words = json.loads((sources / "words" / f"{language}.json").read_text(encoding="utf-8"))
    return words


def dictionary(language: str, words: Words) -> str:
    """Returns the module that holds words of a language."""
    return f'export const LANGUAGE = "{language}";\nexport const WORDS = {_as_json(words)};\n'


def _as_json(words: Words) -> str:
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def write_joined(sources: Path) -> None:
    """Joins what lies in a folder of modules, and leaves only what is served: for packaging."""
    joined = {"console.css": join_styles(sources)}
    for page, language in product(PAGES, LANGUAGES):
        first, later = join_scripts(sources, page, language)
        joined |= {f"{language}.{page.entry}": first, f"{language}.{page.later_entry}": later}
    (sources / JOINED).mkdir()
    for name, text in joined.items():
        (sources / JOINED / name).write_text(text, encoding="utf-8")
    for path in [*sources.glob("*.js"), *sources.glob("styles/*"), *sources.glob("words/*")]:
        path.unlink()


def preferred_language(accepted: str) -> str:
    """Returns the language of ours that an `Accept-Language` header likes best (RFC 9110, section 12.5.4)."""
    weighed = [_weighed(one) for one in accepted.split(",")]
    liked = [name for weight, name in sorted(weighed, key=lambda one: -one[0]) if weight > 0 and name in LANGUAGES]
    return liked[0] if liked else LANGUAGES[0]


def _weighed(one: str) -> tuple[float, str]:
    name, _, parameter = one.partition(";")
    try:
        weight = float(parameter.partition("=")[2] or 1)
    except ValueError:
        weight = 0.0
    return weight, name.strip().lower().partition("-")[0]
