"""The catalogue of refusals: each code once, each raised somewhere, each kind with a status of a caller's mistake."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from chalicelib.model.refusals import KINDS, RefusalCode, RefusalKind
from local.paths import ROOT

EXCEPTIONS = {
    "Refused": set(RefusalKind),
    "NotFound": {RefusalKind.NOT_FOUND},
    "Conflict": {RefusalKind.CONFLICT},
}
"""The kinds that each exception may be of."""


def each_made() -> Iterator[tuple[str, str]]:
    """Exception and code of every refusal that is made anywhere in the code."""
    for path in Path(ROOT, "chalicelib").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in EXCEPTIONS:
                if isinstance(node.args[0], ast.Constant):
                    yield node.func.id, str(node.args[0].value)
                else:
                    assert path.name == "refusal_examples.py", f"{path}:{node.lineno}: a refusal's code is a literal"


MADE = sorted(set(each_made()))


def test_every_code_is_of_one_kind() -> None:
    listed = [code for kind in RefusalKind for code in kind.codes]

    assert len(listed) == len(set(listed))


def test_every_code_that_refused_takes_is_of_a_kind() -> None:
    members: tuple[Any, ...] = get_args(RefusalCode)

    assert {code for literal in members for code in get_args(literal)} == set(KINDS)


def test_every_code_is_raised_somewhere() -> None:
    assert {code for _, code in MADE} == set(KINDS)


@pytest.mark.parametrize(("exception", "code"), MADE)
def test_the_exception_fits_the_kind(exception: str, code: RefusalCode) -> None:
    assert KINDS[code] in EXCEPTIONS[exception]


@pytest.mark.parametrize("kind", RefusalKind)
def test_every_kind_is_a_mistake_that_the_caller_can_mend(kind: RefusalKind) -> None:
    assert 400 <= kind.status < 500
