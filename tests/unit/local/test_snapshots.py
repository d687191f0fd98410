"""A snapshot counts when it is whole: what is unfinished or damaged is passed over, and the last good one stays."""

from pathlib import Path

import pytest

from local.durable_files import checksum_of
from local.snapshots import KEPT, Manifest, SnapshotFolder


@pytest.fixture
def folder(tmp_path: Path) -> SnapshotFolder:
    return SnapshotFolder(tmp_path / "snapshots")


@pytest.fixture
def objects(tmp_path: Path) -> Path:
    (tmp_path / "s3" / "bucket").mkdir(parents=True)
    return tmp_path / "s3"


def take(folder: SnapshotFolder, objects: Path, taken_at: float = 1.0) -> Path:
    """Takes a snapshot of a table that holds its time."""
    unfinished = folder.begin(objects)
    table = unfinished / "state" / "dynamodb.json"
    table.write_text(str(taken_at))
    folder.finish(unfinished, Manifest(taken_at, is_last=False, checksums={"dynamodb.json": checksum_of(table)}))
    folder.prune()
    newest = folder.find_newest()
    assert newest is not None
    return newest.folder


def taken_at(folder: SnapshotFolder) -> float | None:
    newest = folder.find_newest()
    return newest.manifest.taken_at if newest else None


def test_the_newest_is_found(folder: SnapshotFolder, objects: Path) -> None:
    assert folder.find_newest() is None
    for time in range(1, 12):
        take(folder, objects, time)

    assert taken_at(folder) == 11


def test_a_snapshot_has_the_objects_of_its_moment(folder: SnapshotFolder, objects: Path) -> None:
    (objects / "bucket" / "key").write_text("then")
    unfinished = folder.begin(objects)
    (objects / "bucket" / "key").unlink()
    (objects / "bucket" / "later").write_text("later")
    folder.finish(unfinished, Manifest(1.0, is_last=True))

    newest = folder.find_newest()

    assert newest is not None
    assert [path.read_text() for path in newest.objects.rglob("*") if path.is_file()] == ["then"]


def test_a_snapshot_gets_its_number_when_the_disk_has_all_of_it(tmp_path: Path, objects: Path) -> None:
    synced = []

    def sync(path: Path) -> None:
        synced.append((path.name, sorted(one.name for one in path.iterdir())))

    take(SnapshotFolder(tmp_path / "snapshots", sync), objects)

    assert synced == [
        ("unfinished-000000000001", ["manifest.json", "s3", "state"]),
        ("snapshots", ["000000000001"]),
    ]


def test_what_is_not_finished_is_no_snapshot_and_removed_by_the_next(folder: SnapshotFolder, objects: Path) -> None:
    take(folder, objects)
    left = folder.begin(objects)
    (left / "state" / "dynamodb.json").write_text("half")

    assert taken_at(folder) == 1.0
    take(folder, objects, 2.0)
    assert not left.exists()


@pytest.mark.parametrize("damage", ["state/dynamodb.json", "manifest.json"])
@pytest.mark.parametrize("is_cut", [True, False])
def test_a_damaged_snapshot_is_passed_over(folder: SnapshotFolder, objects: Path, damage: str, is_cut: bool) -> None:
    take(folder, objects, 1.0)
    path = take(folder, objects, 2.0) / damage
    if is_cut:
        path.write_bytes(path.read_bytes()[:-1])
    else:
        path.unlink()

    assert taken_at(folder) == 1.0


def test_a_manifest_of_another_version_is_passed_over(folder: SnapshotFolder, objects: Path) -> None:
    take(folder, objects, 1.0)
    (take(folder, objects, 2.0) / "manifest.json").write_text('{"taken_at": 2.0, "is_last": false, "unknown": 1}')

    assert taken_at(folder) == 1.0


def test_few_are_kept_whole_ones_before_damaged_ones(folder: SnapshotFolder, objects: Path, tmp_path: Path) -> None:
    first = take(folder, objects, 1.0)
    (take(folder, objects, 2.0) / "manifest.json").unlink()

    third = take(folder, objects, 3.0)

    assert KEPT == 2
    assert sorted((tmp_path / "snapshots").iterdir()) == [first, third]


def test_the_functions_code_is_taken_over(folder: SnapshotFolder, objects: Path) -> None:
    unfinished = folder.begin(objects)
    (unfinished / "state" / "lambda-blobs" / "a.zip").write_text("code")
    folder.finish(unfinished, Manifest(1.0, is_last=False))

    assert (folder.begin(objects) / "state" / "lambda-blobs" / "a.zip").read_text() == "code"
