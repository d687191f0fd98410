"""Rows are read block by block and gathered into batches, whose ends need not be those of blocks."""

import pytest

from chalicelib.imports.events import Event, GateEvent, TaskEvent
from chalicelib.imports.workspace import Workspace
from chalicelib.model.limits import Limits
from chalicelib.model.phases import PhaseName
from tests.import_world import TENANT, ImportWorld

FIRST = PhaseName.PREVALIDATION


@pytest.mark.parametrize(
    ("batch_rows", "expected"),
    [
        pytest.param(700, [700, 700, 700, 399], id="an end within a block"),
        pytest.param(1_000, [1_000, 1_000, 499], id="ends where blocks end"),
        pytest.param(2_499, [2_499], id="the last row fills the only batch"),
        pytest.param(2_500, [2_499], id="no batch is filled"),
    ],
)
def test_batches_hold_all_rows_in_file_order(batch_rows: int, expected: list[int]) -> None:
    world = ImportWorld(limits=Limits(small_source_bytes=0, batch_rows=batch_rows, batch_bytes=1 << 30))
    rows = [f"Person {n},p{n}@x.com" if n % 100 else "Nobody,at home" for n in range(1, 2_500)]
    import_ = world.queue("name,email\n" + "\n".join(rows))
    ids = Event(tenant_id=TENANT, import_id=import_.import_id, attempt=1).model_dump()
    world.machine.plan(Event(**ids))

    world.machine.run_task(TaskEvent(**ids, phase=FIRST, task=0))
    world.machine.close_phase(GateEvent(**ids, phase=FIRST))

    workspace = Workspace(world.stores.files, import_, attempt_id="reader")
    batches = [[*workspace.each_row(batch)] for batch in workspace.get_batches()]
    drafts = [draft.row_number for batch in workspace.get_batches() for draft in workspace.each_draft(FIRST, batch)]
    assert [len(batch) for batch in batches] == expected
    assert [row.number for batch in batches for row in batch] == [*range(1, 2_500)]
    assert [row.line for batch in batches for row in batch] == [*range(2, 2_501)]
    assert drafts == [n for n in range(1, 2_500) if n % 100]
