"""A batch of the source while it is read: block after block goes in, at its end it is written and counted."""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib.imports.phases.duplicates import KeyedRows
from chalicelib.imports.phases.prevalidation import Prevalidated
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.task_counters import with_outcomes
from chalicelib.imports.workspace import BlockBuffer, ReadBlocks
from chalicelib.model.imports import Action, Stats
from chalicelib.model.phases import PhaseName
from chalicelib.model.rows import RowBlock, RowOutcome
from chalicelib.model.task_results import TaskResult

PHASE = PhaseName.PREVALIDATION


class BatchWriter:
    """Collects rows into a batch that fits into memory, however long they are, and writes it. When a batch is closed,
    the next one is open.
    """

    def __init__(self, context: TaskContext, number: int) -> None:
        self._context = context
        self._open(number)

    def _open(self, number: int) -> None:
        self.number = number
        self.rows = 0
        self._characters = 0
        self._read = ReadBlocks()
        self._keyed_rows = KeyedRows(number)
        self._outcomes: list[RowOutcome] = []
        self._failed_keys: set[str] = set()
        self._mentioned = BlockBuffer()
        self._nameless = 0

    @property
    def room(self) -> int:
        """Returns how many rows more the batch may take."""
        return self._context.limits.batch_rows - self.rows

    @property
    def is_full(self) -> bool:
        """Returns whether the batch should be closed."""
        return not self.room or self._characters >= self._context.limits.batch_bytes

    def add(self, block: RowBlock, done: Prevalidated) -> None:
        """Adds a block of rows and what was read of them; the block must not have more rows than there is room for."""
        self.rows += len(block)
        self._characters += block.characters
        self._read.add(block, done.drafts, done.fields)
        self._keyed_rows.keys += [key for draft in done.drafts for key in draft.identity_keys]
        self._keyed_rows.row_numbers += [draft.row_number for draft in done.drafts for _ in draft.identity_keys]
        self._outcomes += done.outcomes
        self._failed_keys |= done.failed_keys
        self.add_keys(done.mentioned)
        self._nameless += done.nameless

    def add_keys(self, keys: Iterable[str]) -> None:
        """Adds identity keys that stand beside the rows: an overwrite keeps what they name."""
        if found := [*keys]:
            self._mentioned.add(found)

    def close(self, result: TaskResult) -> TaskResult:
        """Writes the batch, and returns the result with it counted."""
        context, workspace = self._context, self._context.workspace
        workspace.write_read(self.number, self._read)
        workspace.write_outcomes(PHASE, self.number, self._outcomes)
        if context.import_.action is Action.OVERWRITE:
            workspace.write_failed_keys(self.number, self._failed_keys)
            workspace.write_mentioned_keys(self.number, self._mentioned)
        workspace.shuffled.write_keyed_rows(PHASE, self._keyed_rows)
        counted = replace(
            result,
            entered=result.entered + self.rows,
            batches=result.batches + 1,
            keys=result.keys + len(self._keyed_rows.keys),
            stats=result.stats + Stats(total=self.rows),
            nameless=result.nameless + self._nameless,
        )
        counted = with_outcomes(counted, self._outcomes)
        self._open(self.number + 1)
        return counted
