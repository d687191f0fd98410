from chalicelib.imports.workspace import AttemptMark
from chalicelib.imports.workspace.attempts import TaskAttempts
from chalicelib.imports.workspace.work_objects import WorkObjects
from chalicelib.model.phases import PhaseName
from chalicelib.stores.memory import MemoryFiles

PHASE = PhaseName.PROCESSING


def attempts_of(files: MemoryFiles, attempt_id: str) -> TaskAttempts:
    return TaskAttempts(WorkObjects(files, "work/1", attempt_id), attempt_id)


def test_every_attempt_sees_what_all_have_marked() -> None:
    files = MemoryFiles(clock=lambda: 0)
    first, second, third = (attempts_of(files, name) for name in ("a", "b", "c"))
    first.mark_started(PHASE, 7, 100.5)
    second.mark_started(PHASE, 7, 200.0)
    third.mark_started(PHASE, 7, 300.0)

    second.mark_finished(PHASE, 7)
    third.mark_handed_over(PHASE, 7, [3, "x"])

    assert sorted(first.find(PHASE, 7), key=lambda one: one.attempt_id) == [
        AttemptMark("a", 100.5),
        AttemptMark("b", 0),
        AttemptMark("c", 0, [3, "x"]),
    ]
    assert first.find(PHASE, 8) == []
