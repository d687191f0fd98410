"""Finds which parts of a workbook's package belong to which, by the kind of what relates them."""

import posixpath
from collections.abc import Sequence

from chalicelib.formats.workbooks.held_memory import HeldMemory
from chalicelib.formats.workbooks.xml_parser import Attributes, each_tag
from chalicelib.formats.zip_package import ZipPackage, damaged

MAIN = "/officeDocument"
"""End of the type of the relation that leads from the package to its workbook, and so on."""
TEXTS = "/sharedStrings"
STYLES = "/styles"
SHEETS = ("/worksheet", "/xlMacrosheet", "/xlIntlMacrosheet")
"""All that lead to cells: sheets of macros have them too."""
_TOP = "_rels/.rels"


def relations_of(package: ZipPackage, part: str, held: HeldMemory) -> list[Attributes]:
    """Returns `Id`, `Type` and `Target` of each relation of a part, or of the package itself where no part is named;
    targets are names of parts. Raises Refused `damaged_workbook` where they are missing, and `expansion_refused`."""
    folder, name = posixpath.split(part)
    listed = f"{folder}/_rels/{name}.rels".lstrip("/")
    relations: list[Attributes] = []
    for _, name, one in each_tag(package.blocks_of(listed), listed):
        if name == "Relationship":
            held.add_object(*one.keys(), *one.values())
            relations.append(one | {"Target": _target(folder, one.get("Target", ""))})
    return relations


def find_part(kind: str, relations: Sequence[Attributes]) -> str:
    """Returns the name of the part that a kind of relation leads to; nothing where there is none."""
    return next((one["Target"] for one in relations if one.get("Type", "").endswith(kind)), "")


def main_part(package: ZipPackage, usual: str, held: HeldMemory) -> str:
    """Returns the name of the workbook itself, which is the usual one where the package has lost its relations."""
    found = find_part(MAIN, relations_of(package, "", held)) if package.has(_TOP) else usual
    if not found:
        raise damaged("it does not say which of its parts is the workbook")
    return found


def sheet_parts(relations: Sequence[Attributes]) -> dict[str, str]:
    """Returns the parts that hold cells, by the id of their relation. Raises Refused where two are the same."""
    found = {one["Id"]: one["Target"] for one in relations if "Id" in one and one.get("Type", "").endswith(SHEETS)}
    if len(set(found.values())) < len(found):
        raise damaged("two of its sheets are one and the same part")
    return found


def _target(folder: str, target: str) -> str:
    target = target.replace("\\", "/")
    return posixpath.normpath(target if target.startswith("/") else posixpath.join(folder, target)).lstrip("/")
