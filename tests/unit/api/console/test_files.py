"""The console's files: whole, small, of the language that is asked for, and the same whether packaged or not."""

import json
import re
import shutil
from pathlib import Path

import pytest

from chalicelib.api.console.files import (
    CONSOLE,
    IMPORTER,
    LANGUAGES,
    PAGES,
    SOURCES,
    Page,
    element,
    files_by_name,
    join_scripts,
    join_styles,
    page_of,
    preferred_language,
    scripts_of,
    style,
    write_joined,
)

TRANSFERRED_BYTES = 150_000
"""Before a file is chosen."""
USED = re.compile(r"""\b(?:t|parts|knows)\(\s*(?:[\w.!=" ]+ \? )?"([\w.]+)"(?: : "([\w.]+)")?""")
NAMED = re.compile(r'"((?:file|signin|check|result|importer)\.\w+)"')
PLACE = re.compile(r"\{(\w+)\}")


def words(language: str) -> dict[str, str | dict[str, str]]:
    read: dict[str, str | dict[str, str]] = json.loads((SOURCES / f"words/{language}.json").read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("page", "left"), [(CONSOLE, set()), (IMPORTER, {"session", "host", "theme"})])
def test_a_page_names_its_script_and_its_style(page: Page, left: set[str], language: str) -> None:
    html = page_of(page, language)

    assert f'<html lang="{language}"' in html
    script, later = scripts_of(page, language)
    assert set(re.findall(r'"(?:\.\./)?console/([^"]+)"', html)) == {script.name, style().name}
    assert f'data-later="{later.name}"' in html
    assert set(PLACE.findall(html)) == left


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES, ids=["console", "importer"])
def test_all_that_is_loaded_at_once_is_small(page: Page, language: str) -> None:
    loaded = page_of(page, language) + scripts_of(page, language)[0].text + style().text

    assert len(loaded.encode()) <= TRANSFERRED_BYTES


def test_the_importer_has_nothing_of_the_console_s_other_places() -> None:
    texts = "".join(script.text for script in scripts_of(IMPORTER, "en"))

    assert [name for name in ("signin.js", "imports.js", "webhooks.js", "account.js") if f"// {name}" in texts] == []
    assert "// mend.js" in texts


def test_files_are_found_by_their_digests() -> None:
    scripts = {script.text for page in PAGES for one in LANGUAGES for script in scripts_of(page, one)}

    assert {file.text for file in files_by_name().values()} == scripts | {style().text}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES, ids=["console", "importer"])
def test_the_second_script_uses_the_first_by_its_name(page: Page, language: str) -> None:
    first, later = scripts_of(page, language)
    names, path = re.findall(r"\Aimport \{ (.+) \} from \"\./(.+)\";$", later.text, re.MULTILINE)[0]

    assert path == first.name
    assert first.text.endswith(f"export {{ {names} }};\n")
    assert later.text.endswith("export { SCREENS };\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word_with_the_same_places(language: str) -> None:
    def places(word: str | dict[str, str]) -> set[str]:
        return set(PLACE.findall(word if isinstance(word, str) else word["other"]))

    english = words("en")
    other = {key: word for key, word in words(language).items() if key in english or not key.startswith("field.")}

    assert {key: places(word) for key, word in english.items()} == {key: places(word) for key, word in other.items()}


def test_every_word_that_a_module_names_is_there() -> None:
    texts = [path.read_text(encoding="utf-8") for path in SOURCES.glob("*.js")]
    used = {key for text in texts for found in USED.findall(text) for key in found if key}
    used |= {key for text in texts for key in NAMED.findall(text)}

    assert len(used) > 50
    assert used - words("en").keys() == set()


def test_no_module_makes_markup_of_text() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in SOURCES.glob("*.js")}
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|setAttribute\(\"style"
    )

    assert [name for name, text in texts.items() if forbidden.search(text)] == []


def test_modules_keep_to_what_a_person_reads() -> None:
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES.glob("*.js")}
    silent = [path.name for path in SOURCES.glob("*.js") if not path.read_text(encoding="utf-8").startswith("// ")]

    assert {name: lines for name, lines in lengths.items() if lines > 350} == {}
    assert silent == []


def test_packaging_leaves_what_is_served(tmp_path: Path) -> None:
    copy = tmp_path / "console"
    shutil.copytree(SOURCES, copy)
    expected = {"joined/console.css": join_styles(copy), "element/sluice-importer.js": element()}
    expected |= {page.html: (SOURCES / page.html).read_text(encoding="utf-8") for page in PAGES}
    for page in PAGES:
        for one in LANGUAGES:
            first, later = join_scripts(copy, page, one)
            expected |= {f"joined/{one}.{page.entry}": first, f"joined/{one}.{page.later_entry}": later}

    write_joined(copy)

    left = {str(path.relative_to(copy)): path.read_text(encoding="utf-8") for path in copy.rglob("*.*")}
    assert left == expected


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        *(("", "en"), ("pl", "en"), ("*", "en"), ("en-GB,en;q=0.9,de;q=0.8", "en"), ("de-AT", "de")),
        *(("pl,fr;q=0.4,es;q=0.5", "es"), ("de;q=wrong,fr", "fr"), ("de;q=0", "en")),
    ],
)
def test_a_browser_is_answered_in_a_language_that_it_accepts(accepted: str, language: str) -> None:
    assert preferred_language(accepted) == language
