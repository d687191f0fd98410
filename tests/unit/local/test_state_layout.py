"""All that survives a restart lies in one folder."""

from pathlib import Path

from local.state_layout import StateLayout


def test_everything_lies_below_the_folder_under_names_of_its_own(tmp_path: Path) -> None:
    layout = StateLayout(tmp_path)
    paths = [layout.snapshots, layout.objects, layout.changed, layout.emulator_lock, layout.log, layout.temporary]

    assert {path.parent for path in paths} == {tmp_path}
    assert len({path.name for path in paths}) == len(paths)
