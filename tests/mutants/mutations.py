"""The mutations of a module: comparisons, `and`, `or`, `not`, tests of branches, and conditions sent to DynamoDB.

Comes in: the syntax tree of a module. Goes out: its mutations in a fixed order, each of which changes that very tree.
Assertions and docstrings have none.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
TESTS = {ast.If: "test", ast.While: "test", ast.IfExp: "test", ast.match_case: "guard"}
SENT_CONDITION = re.compile(r"attribute_(not_)?exists|[#\w\")]+ ?(<=|<>|<|>|=) ?[:?#]| (AND|OR) ")
"""A condition or a key condition of DynamoDB; a change such as `SET #a = :a` is none."""
SENT_CHANGE = re.compile(r"\s*(SET|ADD|UPDATE|INSERT|REMOVE|DELETE FROM)\b")
IN_SENT_CONDITIONS = {
    "attribute_not_exists": "attribute_exists",
    "attribute_exists": "attribute_not_exists",
    " AND ": " OR ",
    " OR ": " AND ",
    "<=": "<",
    "<>": "=",
    "<": "<=",
    ">": ">=",
    "=": "<>",
}
_SIGN = re.compile("|".join(map(re.escape, IN_SENT_CONDITIONS)))


@dataclass(frozen=True)
class Mutation:
    """A node of a tree, and what stands there instead."""

    parent: ast.AST
    field: str
    index: int | None
    """Where the field is a list."""
    line: int
    before: str
    after: str
    replacement: Any

    def apply(self) -> None:
        """Changes the tree."""
        if self.index is None:
            setattr(self.parent, self.field, self.replacement)
        else:
            getattr(self.parent, self.field)[self.index] = self.replacement


def each_mutation(tree: ast.Module) -> Iterator[Mutation]:
    """Yields the mutations of a module; they exclude each other."""
    for parent, field, index, node in _each_place(tree):
        is_test = TESTS.get(type(parent)) == field or (isinstance(parent, ast.comprehension) and field == "ifs")
        for replacement in _each_replacement(node, is_test=is_test):
            before, after = (re.sub(r"\s+", " ", ast.unparse(one)) for one in (node, replacement))
            yield Mutation(parent, field, index, node.lineno, before, after, replacement)


def code_of(path: Path, number: int | None = None) -> CodeType:
    """Returns the compiled code of a module, with the mutation of this number if there is one."""
    tree = ast.parse(path.read_bytes())
    if number is not None:
        list(each_mutation(tree))[number].apply()
    code: CodeType = compile(tree, path.absolute(), "exec", dont_inherit=True)
    return code


def _each_place(parent: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, Any]]:
    """Yields every expression with its place, parents first."""
    for field, value in ast.iter_fields(parent):
        for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(node, ast.AST) or isinstance(node, ast.Assert) or _is_docstring(node):
                continue
            if isinstance(node, ast.expr):
                yield parent, field, index, node
            yield from _each_place(node)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _each_replacement(node: ast.expr, *, is_test: bool) -> Iterator[ast.expr]:
    if is_test:
        yield from (_like(node, ast.Constant(one)) for one in (True, False))
    if is_test and not isinstance(node, ast.Compare | ast.UnaryOp):
        yield _like(node, ast.UnaryOp(ast.Not(), node))
    match node:
        case ast.Compare():
            yield from _each_comparison(node)
        case ast.BoolOp(op, values):
            yield _like(node, ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values))
            for left_out in range(len(values)):
                kept = values[:left_out] + values[left_out + 1 :]
                yield kept[0] if len(kept) == 1 else _like(node, ast.BoolOp(op, kept))
        case ast.UnaryOp(ast.Not(), operand):
            yield operand
        case ast.Constant(str(text)):
            yield from (_like(node, ast.Constant(one)) for one in each_changed_condition(text))


def _each_comparison(node: ast.Compare) -> Iterator[ast.expr]:
    for index, op in enumerate(node.ops):
        for other in COMPARISONS[type(op)]:
            ops = [*node.ops[:index], other(), *node.ops[index + 1 :]]
            yield _like(node, ast.Compare(node.left, ops, node.comparators))
    for index, one in enumerate(node.comparators):
        if isinstance(one, ast.Constant) and type(one.value) is int:
            for number in (one.value - 1, one.value + 1):
                changed = [*node.comparators[:index], _like(one, ast.Constant(number)), *node.comparators[index + 1 :]]
                yield _like(node, ast.Compare(node.left, node.ops, changed))


def each_changed_condition(text: str) -> Iterator[str]:
    """Yields a condition for DynamoDB with one of its signs changed; nothing for other texts."""
    if SENT_CONDITION.search(text) and not SENT_CHANGE.match(text):
        for found in _SIGN.finditer(text):
            yield text[: found.start()] + IN_SENT_CONDITIONS[found[0]] + text[found.end() :]


def _like(node: ast.expr, made: ast.expr) -> ast.expr:
    return ast.fix_missing_locations(ast.copy_location(made, node))
