"""An export is shown with the progress of its shards, and deleted with all its files."""

from chalicelib.exports import service
from chalicelib.model.exports import ExportResult, ExportStage, ExportStatus, Progress
from chalicelib.model.ids import ExportId
from tests.export_world import ExportWorld
from tests.world import World, an_export

ID = ExportId("exp_1")


def test_deleting_an_export_takes_all_its_files_along() -> None:
    world = ExportWorld()
    world.write("con_1", {"name": "Ann"})
    export = world.run()

    service.delete(world.context, world.caller(), export.export_id)

    assert [world.stores.files.find_file(file.key) for file in export.files] == [None] * 3
    assert service.list_exports(world.context, world.caller(), page=1, per_page=9).total == 0


def test_progress_is_counted_while_shards_are_read() -> None:
    world = World()
    world.stores.exports.add(an_export(ExportStatus.PROCESSING, progress=Progress(shards=16)))
    for task in (3, 5):
        result = ExportResult(
            stage=ExportStage.SHARD, task=task, attempt_id="try", records_read=10, records_selected=task, rows=task
        )
        world.stores.exports.put_once(ID, result)

    shown = service.get_export(world.context, world.caller(), ID).progress

    assert shown == Progress(shards=16, shards_done=2, records_read=20, records_selected=8)
