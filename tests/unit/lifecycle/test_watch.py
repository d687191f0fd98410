"""Executions that should be running are asked about, some in each run, in turn."""

from chalicelib.exports.lifecycle import EXPORTS
from chalicelib.lifecycle.reaper import Reaped, Run
from chalicelib.lifecycle.watch import Remedies, look_after
from chalicelib.model.exports import Export, ExportStatus
from chalicelib.model.ids import ExportId, TenantId
from chalicelib.model.limits import Limits
from chalicelib.stores.interfaces import ExecutionStatus
from chalicelib.stores.memory import MemoryExportExecutions
from tests.reaping import a_run
from tests.world import World, an_export


class Watching:
    """A world with exports under way, which remembers about which of them it was asked."""

    def __init__(self, limits: Limits, exports: int) -> None:
        self.world = World(limits)
        self.found: list[str] = []
        for number in range(exports):
            self.add(TenantId(f"tenant-{number % 2}"), f"exp_{number}")

    def add(self, tenant_id: TenantId, export_id: str, status: ExportStatus = ExportStatus.PROCESSING) -> Export:
        """Adds an export whose execution has ended without a word."""
        export = an_export(status, export_id, tenant_id=tenant_id)
        self.world.stores.exports.add(export)
        self.world.stores.exports.watch(export)
        self.world.stores.export_executions.start(export)
        executions = self.world.stores.export_executions
        assert isinstance(executions, MemoryExportExecutions)
        executions.ended[ExportId(export_id)] = ExecutionStatus.FAILED
        return export

    def look(self, run: Run | None = None) -> Reaped:
        """Looks once, and notes what was found dead."""
        return look_after(run or a_run(self.world.context), EXPORTS, Remedies(self._start, self._note))

    def _start(self, export: Export) -> None:
        self.world.stores.export_executions.start(export)

    def _note(self, export: Export, status: ExecutionStatus) -> bool:
        self.world.now += 1
        self.found.append(export.export_id)
        if export.export_id == "exp_poisoned":
            raise TypeError("poisoned")
        return True


def test_each_run_goes_on_where_the_last_one_ended_one_tenant_after_the_other() -> None:
    watching = Watching(Limits(reaper_asks=3), exports=5)

    runs = [watching.look() for _ in range(3)]

    assert runs == [Reaped(ended=3), Reaped(ended=2), Reaped(ended=3)]
    assert watching.found == ["exp_0", "exp_2", "exp_4", "exp_1", "exp_3", "exp_0", "exp_2", "exp_4"]


def test_a_run_ends_with_its_time() -> None:
    watching = Watching(Limits(), exports=5)

    watching.look(Run(watching.world.context, until=watching.world.now + 2))
    watching.look(Run(watching.world.context, until=watching.world.now + 2))

    assert watching.found == ["exp_0", "exp_2", "exp_4", "exp_1"]


def test_what_goes_wrong_with_one_does_not_concern_the_others() -> None:
    watching = Watching(Limits(), exports=1)
    watching.add(TenantId("tenant-0"), "exp_poisoned")
    watching.add(TenantId("tenant-1"), "exp_2")

    assert watching.look() == Reaped(ended=2, failed=1)
    assert watching.found == ["exp_0", "exp_poisoned", "exp_2"]


def test_one_that_has_ended_or_is_gone_is_watched_no_longer() -> None:
    watching = Watching(Limits(), exports=0)
    stores = watching.world.stores
    watching.add(TenantId("tenant-0"), "exp_done", ExportStatus.FAILED)
    stores.exports.watch(an_export(export_id="exp_gone"))

    assert watching.look() == Reaped()
    assert list(stores.exports.each_watched()) == []


def test_one_that_ends_while_its_execution_is_asked_about_has_not_died() -> None:
    watching = Watching(Limits(), exports=0)
    stores = watching.world.stores
    export = watching.add(TenantId("tenant-0"), "exp_1")

    class EndsMeanwhile(MemoryExportExecutions):
        def find_status(self, export: Export) -> ExecutionStatus:
            stores.exports.unwatch(export.tenant_id, export.export_id)
            stores.exports._exports[export.tenant_id, export.export_id] = None  # type: ignore[attr-defined]  # deleted
            return ExecutionStatus.SUCCEEDED

    object.__setattr__(stores, "export_executions", EndsMeanwhile())

    assert watching.look() == Reaped()
    assert (watching.found, export.is_final) == ([], False)
