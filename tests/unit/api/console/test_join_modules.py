"""Modules become one text, or a word about what cannot be joined."""

from pathlib import Path

import pytest

from chalicelib.api.console.join_modules import NotJoinable, join_modules


def written(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.js").write_text(text)
    return folder


def test_a_module_stands_behind_those_that_it_imports(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        main='import { two } from "./b.js";\nimport { one } from "./a.js";\none(two);\n',
        a="export function one(it) {\n  return it;\n}\n",
        b='import { one } from "./a.js";\nexport const two = one(2);\n',
    )

    text = join_modules(folder, "main.js", {}).text()

    assert text == ("// a.js\nfunction one(it) {\nreturn it;\n}\n// b.js\nconst two = one(2);\n// main.js\none(two);\n")


def test_comments_are_left_out(tmp_path: Path) -> None:
    folder = written(tmp_path, main='// first\n/** A doc\n * over lines. */\nconst a = "// kept";\n  // inner\n')

    assert join_modules(folder, "main.js", {}).text() == '// main.js\nconst a = "// kept";\n'


def test_what_another_script_has_is_used_and_not_joined_again(tmp_path: Path) -> None:
    folder = written(tmp_path, main='import { a, b } from "./other.js";\na(b);\n', other="export const a = 1, b = 2;\n")

    joined = join_modules(folder, "main.js", {}, joined_before=["other.js"])

    assert (joined.text(exports=["c"]), joined.uses) == ("// main.js\na(b);\nexport { c };\n", {"a", "b"})


def test_a_module_may_be_supplied(tmp_path: Path) -> None:
    folder = written(tmp_path, main='import { WORDS } from "./dictionary.js";\nWORDS;\n')

    text = join_modules(folder, "main.js", {"dictionary.js": 'export const WORDS = {"a":1};\n'}).text()

    assert text == '// dictionary.js\nconst WORDS = {"a":1};\n// main.js\nWORDS;\n'


@pytest.mark.parametrize(
    ("main", "other", "reason"),
    [
        ('import { a } from "./other.js";\n', 'import { b } from "./main.js";\n', "main.js → other.js"),
        ('import { a as b } from "./other.js";\n', "export const a = 1;\n", "main.js renames what it imports"),
        ('import a from "./other.js";\n', "", "cannot be joined"),
        ("export default 1;\n", "", "cannot be joined"),
        ('import { a } from "./other.js";\nconst c = 1;\n', "export const a = 1;\nlet c;\n", "c stands in other.js"),
        ("const a = `one\ntwo`;\n", "", "a template over several lines"),
    ],
    ids=["cycle", "renamed", "default import", "default export", "same name", "long template"],
)
def test_what_cannot_be_joined_is_refused(tmp_path: Path, main: str, other: str, reason: str) -> None:
    folder = written(tmp_path, main=main, other=other)

    with pytest.raises(NotJoinable, match=reason):
        join_modules(folder, "main.js", {})
