"""Jobs that are due are ended one by one."""

from chalicelib.errors import Retryable
from chalicelib.lifecycle.reaper import Reaped, reap_due
from chalicelib.model.imports import Import, Status
from tests.world import NOW, World


def test_one_job_in_trouble_does_not_keep_the_others_waiting() -> None:
    world = World()
    for number in range(3):
        world.add_import(Status.PROCESSING, import_id=f"imp_{number}", deadline_at=NOW)
    ended: list[str] = []

    def end(import_: Import) -> bool:
        if import_.import_id == "imp_1":
            raise Retryable("slow down")
        ended.append(import_.import_id)
        return True

    reaped = reap_due(world.stores.imports, NOW + 1, end)

    assert (reaped, ended) == (Reaped(ended=2, failed=1), ["imp_0", "imp_2"])


def test_a_job_that_was_left_alone_is_not_counted() -> None:
    world = World()
    world.add_import(Status.PROCESSING, deadline_at=NOW)

    assert reap_due(world.stores.imports, NOW + 1, lambda import_: False) == Reaped()
