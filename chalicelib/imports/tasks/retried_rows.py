"""The rows of a retry: those of another import that failed, were skipped or not processed, with corrections.

    row pages of the root, and of retries before   → which rows
    what prevalidation of the root has left        → what stood in them, and what was wrong with them as rows
    the terms of the retry                         → values that stand in for it

They keep their numbers and lines. What the source proved about its numbers and dates holds on, as does the mapping of
its headers; corrected fields without a column get one behind the others.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from math import ceil

from chalicelib.formats import Format, Table
from chalicelib.imports.phases.prevalidation import Prevalidated, SourceParser, prevalidate
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.tasks.corrected_rows import RowCorrector
from chalicelib.imports.tasks.earlier_import import find_earlier_import
from chalicelib.imports.tasks.retry_chain import RetryChain, get_retry_chain, is_apart, later_outcomes
from chalicelib.imports.tasks.row_source import RowDivision
from chalicelib.imports.workspace import PageOfRows, RowRange, SourceSummary, Workspace
from chalicelib.model.error_columns import IMPORT
from chalicelib.model.notations import SourceNotations
from chalicelib.model.phases import FIRST_PHASE
from chalicelib.model.problems import Problem
from chalicelib.model.retries import RETRIABLE
from chalicelib.model.rows import Outcome, Row, RowBlock, RowOutcome

BATCHES_AT_ONCE = 50
"""Batches of the root whose rows one task reads: a million rows at most."""


def divide_retry(context: TaskContext) -> RowDivision:
    """Returns how the rows of a retry are divided. Its keys are divided as those of the root, so that they are found
    beside them. Raises NotFound where those are no longer kept.
    """
    chain = get_retry_chain(context.stores, context.import_)
    batches, partitions = chain.source.get_batches(), chain.source.get_manifest().partitions
    rows = _most_rows(chain)
    return RowDivision(
        splits=max(1, ceil(len(batches) / BATCHES_AT_ONCE)),
        partitions=partitions,
        expected_rows=rows,
        is_small=partitions == 1 and rows <= context.limits.batch_rows,
    )


def _most_rows(chain: RetryChain) -> int:
    """How many rows there are at most: a row that was tried before and not mended may have any outcome by now."""
    if chain.terms.only_given:
        return len(chain.terms.corrections)
    outcomes = RETRIABLE if chain.earlier else chain.terms.include
    before: int = sum(getattr(chain.root.stats, outcome.value) for outcome in outcomes)
    return before - chain.mended


@contextmanager
def open_retry(context: TaskContext, split: int) -> Iterator["RetriedRows"]:
    """Opens the rows of some batches of the root. Raises NotFound where they are no longer kept."""
    chain = get_retry_chain(context.stores, context.import_)
    first = split * BATCHES_AT_ONCE
    yield RetriedRows(context, chain, chain.source.get_batches()[first : first + BATCHES_AT_ONCE])


class RetriedRows:
    """Keeps `RowSource` for rows that are tried again."""

    mentioned_keys: Iterable[str] = ()
    resent_from: str = ""
    fed: tuple[str, ...] | None = None

    def __init__(self, context: TaskContext, chain: RetryChain, batches: list[int]) -> None:
        self._chain = chain
        self._batches = batches
        self._read = chain.source.get_source_summary()
        self._mapping = self._read.column_mapping or chain.root.column_mapping
        self._parser, self._corrector = self._prepared(context)
        self._given = sorted(chain.terms.corrections)
        self._widest = 0

    def _prepared(self, context: TaskContext) -> tuple[SourceParser, RowCorrector]:
        import_ = replace(context.import_, column_mapping=self._mapping)
        limits = replace(context.limits, columns=context.limits.columns + len(context.resource.fields))
        notations = _notations_of(context, self._chain, self._read)

        def parser_of(headers: tuple[str, ...]) -> SourceParser:
            return SourceParser.of(context.resource, import_, limits, headers, notations=notations)

        headers, parser = self._read.headers, parser_of(self._read.headers)
        corrector = RowCorrector.of(context.resource, parser.mapping, headers, self._chain.terms, notations)
        return (parser_of(corrector.headers) if corrector.added else parser), corrector

    @property
    def blocks(self) -> Iterable[RowBlock]:
        """Does what `RowSource.blocks` says."""
        pages = self._chain.source.row_pages
        for batch in self._batches:
            found = [*pages.each_page_of(batch, self._is_passed_over)]
            if not found:
                continue
            first, last = found[0].range, found[-1].range
            later = later_outcomes(self._chain, range(first.first_row, last.first_row + last.rows))
            drafted = _DraftedProblems(self._chain.source, batch)
            for page in found:
                if block := self._block_of(page, later, drafted):
                    yield block

    def prevalidate(self, block: RowBlock) -> Prevalidated:
        """Does what `RowSource.prevalidate` says."""
        return prevalidate(block, self._parser)

    def count_lines(self) -> int:
        """Does what `RowSource.count_lines` says."""
        return 0

    def summary(self) -> SourceSummary:
        """Does what `RowSource.summary` says. What was found about the source as a whole, the root tells."""
        read = self._read
        return SourceSummary(
            format=read.format,
            headers=self._corrector.headers,
            keys=tuple(dict.fromkeys((*read.keys, *self._parser.keys))),
            widest=self._widest,
            column_mapping=self._mapping,
            comes_from=read.comes_from or self._chain.root.import_id,
        )

    def _is_passed_over(self, range_: RowRange) -> bool:
        terms, counts = self._chain.terms, range_.counts
        if terms.only_given and is_apart(range_, self._given):
            return True
        return counts is not None and not any(counts.get(outcome.value) for outcome in RETRIABLE)

    def _block_of(
        self, page: PageOfRows, later: Mapping[int, RowOutcome], drafted: "_DraftedProblems"
    ) -> RowBlock | None:
        pages, terms = self._chain.source.row_pages, self._chain.terms
        outcomes = {one.row_number: one for one in pages.read_outcomes(page)}
        taken = {
            number: one
            for number, one in outcomes.items()
            if terms.takes(number, later[number].outcome if number in later else one.outcome)
        }
        if not taken:
            return None
        given = (row for row in pages.read_exactly(page) if row.number in taken)
        rows = [self._corrector.correct(row, drafted.with_those_of(taken[row.number])) for row in given]
        return self._to_block(rows)

    def _to_block(self, rows: list[Row]) -> RowBlock:
        problems = {place: row.problems for place, row in enumerate(rows) if row.problems}
        self._widest = max([self._widest, *(len(rows[place].given) for place in problems)])
        return RowBlock(
            [row.number for row in rows],
            [row.line for row in rows],
            [row.given for row in rows],
            problems,
            sum(len(str(row.given)) for row in rows),
            {place: row.corrections for place, row in enumerate(rows) if row.corrections},
        )


class _DraftedProblems:
    """What was wrong with the rows of a batch, where no outcome tells of it: of rows that were not processed it stands
    in drafts, which are read once, and only for such rows.
    """

    def __init__(self, source: Workspace, batch: int) -> None:
        self._source = source
        self._batch = batch

    def with_those_of(self, outcome: RowOutcome) -> Sequence[Problem]:
        """Returns what was wrong with the row of this outcome."""
        if outcome.outcome is not Outcome.UNPROCESSED:
            return outcome.problems
        return self._by_row.get(outcome.row_number, outcome.problems)

    @cached_property
    def _by_row(self) -> dict[int, list[Problem]]:
        drafts = self._source.each_draft(FIRST_PHASE, self._batch)
        return {one.row_number: one.problems for one in drafts if one.problems}


def _notations_of(context: TaskContext, chain: RetryChain, read: SourceSummary) -> SourceNotations:
    """How the columns of the source are written, as the root found it: by itself, or in the import whose errors file
    its source was."""
    root, decided = chain.root, chain.source.find_decisions() or []
    stated, words = root.reading.notation, root.value_mapping
    own = SourceNotations(stated=stated, decided={one.field: one for one in decided}, words=words)
    if IMPORT not in (read.headers or read.keys):
        return own
    first = next((row for batch in chain.source.get_batches()[:1] for row in chain.source.each_row(batch)), None)
    blocks = iter([RowBlock([first.number], [first.line], [first.given])] if first else [])
    table = Table(format=Format(read.format), blocks=blocks, headers=read.headers)
    return find_earlier_import(context.stores.imports, root.tenant_id, root.resource, table).notations(
        context.stores.files, own
    )
