"""One script out of many ES modules, so that a browser makes one request for them.

In goes the folder of the modules, the one to begin with, and modules that are no files; out comes the text of one
module, or of one that uses another. Every module stands behind those that it imports, without its imports, comments and
indentation. The modules keep to what can be joined so: named imports of siblings, each in one statement, names that are
unique across all modules, no default exports, no template literal over several lines.
"""

import re
from collections.abc import Iterable, Mapping
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
class JoinedModules:
    """Modules that stand behind those that they import, and what they use of modules that are joined before."""

    folder: Path
    supplied: Mapping[str, str]
    """Texts of modules that are no files, by name."""
    joined_before: frozenset[str] = frozenset()
    """Names of modules that are joined before."""
    texts: dict[str, str] = field(default_factory=dict)
    uses: set[str] = field(default_factory=set)
    """Names that are imported from modules that are joined before."""
    _owners: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, above: tuple[str, ...] = ()) -> None:
        """Adds a module behind all that it imports, unless it is there already. Raises NotJoinable."""
        if name in above:
            raise NotJoinable(f"{name} imports itself: {' → '.join(above)}")
        if name in self.texts:
            return
        text = self.supplied.get(name) or (self.folder / name).read_text(encoding="utf-8")
        for names, other in IMPORT.findall(text):
            if " as " in names:
                raise NotJoinable(f"{name} renames what it imports from {other}")
            if other in self.joined_before:
                self.uses |= {one.strip() for one in names.split(",")}
            else:
                self.add(other, (*above, name))
        self.texts[name] = self._without_imports(name, text)

    def text(self, *, exports: Iterable[str] = ()) -> str:
        """Returns the text of one module, which exports these names."""
        names = sorted(exports)
        end = f"export {{ {', '.join(names)} }};\n" if names else ""
        return "".join(f"// {name}\n{text}" for name, text in self.texts.items()) + end

    def _without_imports(self, name: str, text: str) -> str:
        body = EXPORT.sub("", COMMENT.sub("", IMPORT.sub("", text)))
        if found := LEFT_OVER.search(body):
            raise NotJoinable(f"{name}: {found[0]!r} cannot be joined")
        if any(line.count("`") % 2 for line in body.splitlines()):
            raise NotJoinable(f"{name} has a template over several lines")
        for one in NAME.findall(body):
            if self._owners.setdefault(one, name) != name:
                raise NotJoinable(f"{one} stands in {self._owners[one]} and in {name}")
        return INDENTATION.sub("", body)


def join_modules(
    folder: Path, entry: str, supplied: Mapping[str, str], *, joined_before: Iterable[str] = ()
) -> JoinedModules:
    """Returns the modules that `entry` needs, without those that are joined before. Raises NotJoinable."""
    joined = JoinedModules(folder, supplied, frozenset(joined_before))
    joined.add(entry)
    return joined
