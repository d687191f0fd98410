"""One script out of the console's ES modules, so that a browser makes one request for them.

In goes the folder of the modules, the one to begin with, and modules that are no files; out comes the text of one
module. Every module stands behind those that it imports, without its imports, comments and indentation. The modules
keep to what can be joined so: named imports of siblings, each in one statement, names that are unique across all
modules, no default exports, no template literal over several lines.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const|let))", re.MULTILINE)
NAME = re.compile(r"^(?:async )?(?:function\*? ?|class |const |let )([\w$]+)", re.MULTILINE)
LEFT_OVER = re.compile(r"^(import\b.*|export\b.*)", re.MULTILINE)
COMMENT = re.compile(r"^ *(//.*|/\*\*?(?s:.*?)\*/ *)\n", re.MULTILINE)
INDENTATION = re.compile(r"^ +|\n(?=\n)", re.MULTILINE)


class NotJoinable(ValueError):
    """A module does what a joined one cannot."""


@dataclass(slots=True)
class _Joined:
    folder: Path
    supplied: Mapping[str, str]
    texts: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, above: tuple[str, ...] = ()) -> None:
        """Adds a module behind all that it imports, unless it is there already."""
        if name in above:
            raise NotJoinable(f"{name} imports itself: {' → '.join(above)}")
        if name in self.texts:
            return
        text = self.supplied.get(name) or (self.folder / name).read_text(encoding="utf-8")
        for names, other in IMPORT.findall(text):
            if " as " in names:
                raise NotJoinable(f"{name} renames what it imports from {other}")
            self.add(other, (*above, name))
        self.texts[name] = self._without_imports(name, text)

    def _without_imports(self, name: str, text: str) -> str:
        body = EXPORT.sub("", COMMENT.sub("", IMPORT.sub("", text)))
        if found := LEFT_OVER.search(body):
            raise NotJoinable(f"{name}: {found[0]!r} cannot be joined")
        if any(line.count("`") % 2 for line in body.splitlines()):
            raise NotJoinable(f"{name} has a template over several lines")
        for one in NAME.findall(body):
            if self.owners.setdefault(one, name) != name:
                raise NotJoinable(f"{one} stands in {self.owners[one]} and in {name}")
        return INDENTATION.sub("", body)


def join_modules(folder: Path, entry: str, supplied: Mapping[str, str]) -> str:
    """Returns the text of one module; `supplied` are texts of modules by name. Raises NotJoinable."""
    joined = _Joined(folder, supplied)
    joined.add(entry)
    return "".join(f"// {name}\n{text}" for name, text in joined.texts.items())
