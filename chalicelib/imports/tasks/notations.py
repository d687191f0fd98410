"""Decides how the numbers and dates of a source are written, once, before its first row is typed.

    read in splits    by the plan: from the beginning of the source and from its end
    read in one go    by the task that reads it, from the beginning; from the end too where a reader can begin there

What was decided is stored and stays, for all splits and at every attempt. A task that reads its source in one go holds
what it has looked at in memory, and goes on from there.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import chain
from typing import BinaryIO

from chalicelib.errors import Refused
from chalicelib.formats import Layout, Splits, Table, find_row_near_end, open_split
from chalicelib.imports.task_context import TaskContext
from chalicelib.model.imports import Source
from chalicelib.model.notations import DecimalSign, NotationDecision, SourceNotations
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.rows import RowBlock
from chalicelib.schema.header_rules import HeaderRules
from chalicelib.schema.notation_evidence import NotationEvidence, collect_evidence
from chalicelib.schema.types.dates import ORDER_NAMES
from chalicelib.schema.types.numbers import SIGN_NAMES


def decide_ahead(context: TaskContext, splits: Splits) -> None:
    """Decides how the columns are written, for all splits. Where the source cannot be read nothing is decided: the
    tasks that read it will say why.
    """
    evidence, source = _evidence(context, splits.layout.headers), context.import_.source
    if source is None or not evidence.is_needed:
        return
    try:
        with _open(context, source, 0) as stream:
            table = open_split(stream, splits.layout, context.limits, is_first=True)
            collect_evidence(evidence, table.blocks, context.limits.notation_head_bytes)
        _look_at_end(context, source, splits, evidence)
    except Refused:
        return
    _stored_decisions(context, evidence)


def decide_notations(context: TaskContext, table: Table) -> tuple[Table, SourceNotations]:
    """Returns how the columns of a source, or of a split, are written; and its table, of which no row is missing."""
    stated, decisions = context.import_.reading.notation, []
    if context.workspace.get_manifest().splits > 1:
        decisions = context.workspace.find_decisions() or []
    else:
        evidence = _evidence(context, table.headers)
        if evidence.is_needed:
            table = _look_at_source(context, table, evidence)
            decisions = _stored_decisions(context, evidence)
    decided = {one.field: one for one in decisions}
    return table, SourceNotations(stated=stated, decided=decided, words=context.import_.value_mapping)


def findings_of(notations: SourceNotations) -> list[Problem]:
    """Returns what is to be said of the decisions, as far as they matter."""
    return [_finding(one) for one in notations.decided.values() if one.is_reported]


def _finding(decision: NotationDecision) -> Problem:
    way = decision.conventions[0]
    is_number = isinstance(way, DecimalSign)
    facts = {
        "column": decision.column,
        "proof": decision.proof,
        "option": "reading.decimal" if is_number else "reading.date_order",
        "notation": SIGN_NAMES[way] if isinstance(way, DecimalSign) else ORDER_NAMES[way],
    }
    code = ProblemCode.NOTATION_MIXED if decision.is_mixed else ProblemCode.NOTATION_DECIDED
    return Problem(code, field=decision.field, value=decision.column, facts=facts)


def _evidence(context: TaskContext, headers: tuple[str, ...]) -> NotationEvidence:
    import_ = context.import_
    rules = HeaderRules(context.resource, import_.column_mapping, is_strict=import_.rules.refuses_unknown_fields)
    return NotationEvidence(rules, headers, import_.reading.notation, most_keys=context.limits.columns)


def _stored_decisions(context: TaskContext, evidence: NotationEvidence) -> list[NotationDecision]:
    """What was decided first stays. Where nothing is decided nothing is stored."""
    decisions = evidence.decisions()
    if not decisions:
        return []
    earlier = context.workspace.find_decisions()
    if earlier is not None:
        return earlier
    context.workspace.write_decisions(decisions)
    return decisions


def _look_at_source(context: TaskContext, table: Table, evidence: NotationEvidence) -> Table:
    source, limits = context.import_.source, context.limits
    table = _look_while_reading(table, evidence, limits.notation_head_bytes)
    if source and table.layout and source.size_bytes > limits.notation_head_bytes:
        _look_at_end(context, source, _uncut(table.layout, source, limits.notation_tail_bytes), evidence)
    return table


def _look_while_reading(table: Table, evidence: NotationEvidence, characters: int) -> Table:
    held: deque[RowBlock] = deque()
    collect_evidence(evidence, _each_held(table.blocks, held), characters)
    return replace(table, blocks=chain(_each_let_go(held), table.blocks))


def _each_held(blocks: Iterator[RowBlock], held: deque[RowBlock]) -> Iterator[RowBlock]:
    for block in blocks:
        held.append(block)
        yield block


def _each_let_go(held: deque[RowBlock]) -> Iterator[RowBlock]:
    """None is held any longer than until it is taken."""
    while held:
        yield held.popleft()


def _uncut(layout: Layout, source: Source, tail_bytes: int) -> Splits:
    """Of a source whose quotes stand anywhere: rows are taken to end where lines do."""
    return Splits(layout, (max(0, source.size_bytes - tail_bytes - 1),))


def _look_at_end(context: TaskContext, source: Source, splits: Splits, evidence: NotationEvidence) -> None:
    """Where it was not looked at from the beginning on."""
    limits = context.limits
    tail = find_row_near_end(
        lambda start: _open(context, source, start), source.size_bytes, splits, limits.notation_tail_bytes
    )
    if 0 < tail < source.size_bytes:
        with _open(context, source, tail) as stream:
            table = open_split(stream, splits.layout, limits, is_first=False)
            collect_evidence(evidence, table.blocks, source.size_bytes, has_numbers=False)


def _open(context: TaskContext, source: Source, start: int) -> AbstractContextManager[BinaryIO]:
    return context.open_source(source, start=start)
