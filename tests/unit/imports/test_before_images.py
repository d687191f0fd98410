"""Records as they were before an import changed them are kept, and are found again."""

from dataclasses import replace

from chalicelib.imports.before_images import (
    BeforeImageReader,
    BeforeImageWriter,
    images_of_batch,
    images_of_shard,
    rows_of,
)
from chalicelib.model.ids import ImportId, RecordId
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.records import Origin, Record, Stamp, Write
from chalicelib.model.rows import Outcome
from tests.import_world import ImportWorld

IMPORT = ImportId("imp_1")
ANN = Record(
    record_id=RecordId("cus_a"),
    fields={"name": "Ann", "note": "a\nb"},
    version=3,
    created_at=1,
    updated_at=2,
    claims=("email=ann@x.com",),
    match_keys=("phone=1",),
    stamps=(Stamp(ImportId("imp_0"), 7, Outcome.UPDATED, 1),),
    origin=Origin(ImportId("imp_00"), 1),
)


def update(record: Record, row: int) -> Write:
    return Write(record.record_id, record, Stamp(IMPORT, row, Outcome.UPDATED), {"name": "New"})


def written(*writes: Write, limits: Limits = DEFAULT_LIMITS) -> BeforeImageReader:
    world = ImportWorld()
    import_, files = world.queue("name\n"), world.stores.files
    BeforeImageWriter(files, import_, images_of_batch(4), "try1", limits).write(writes)
    return BeforeImageReader(files, import_)


def test_a_record_is_kept_as_it_was_with_the_version_that_was_about_to_be_written() -> None:
    reader = written(update(ANN, 12))
    (name,) = reader.list_names("4")

    (image,) = reader.each(name)

    assert (image.record_id, image.version, image.row_number) == ("cus_a", 4, 12)
    assert image.before == ANN


def test_a_tombstone_is_kept_too() -> None:
    tombstone = replace(ANN, fields={}, claims=(), match_keys=(), is_deleted=True, origin=None)
    reader = written(Write(ANN.record_id, tombstone, Stamp(IMPORT, 1, Outcome.CREATED), {"name": "Ann"}))

    assert reader.find(reader.list_names("4"), {ANN.record_id})[ANN.record_id, 4].before == tombstone


def test_what_creates_a_record_has_no_image_nor_has_a_repeat() -> None:
    stamped = replace(ANN, stamps=(Stamp(IMPORT, 2, Outcome.UPDATED),))

    reader = written(
        Write(RecordId("cus_b"), None, Stamp(IMPORT, 1, Outcome.CREATED), {"name": "Bob"}), update(stamped, 2)
    )

    assert reader.list_names("4") == []


def test_an_object_is_named_by_its_rows_and_holds_no_more_than_it_may() -> None:
    records = [replace(ANN, record_id=RecordId(f"cus_{number}")) for number in (1, 2, 3)]

    reader = written(*(update(one, row) for row, one in enumerate(records, 5)), limits=Limits(before_images_bytes=600))

    names = reader.list_names("4")
    assert names == ["4/5-5.try1.1", "4/6-6.try1.2", "4/7-7.try1.3"]
    assert [image.row_number for name in names for image in reader.each(name)] == [5, 6, 7]
    assert 7 in rows_of(names[-1])


def test_only_those_are_found_that_are_asked_for() -> None:
    other = replace(ANN, record_id=RecordId("cus_b"))
    reader = written(update(ANN, 1), update(other, 2))

    assert set(reader.find(reader.list_names("4"), {other.record_id})) == {("cus_b", 4)}


def test_where_nothing_can_be_undone_nothing_is_kept() -> None:
    assert written(update(ANN, 1), limits=Limits(undo_days=0)).list_names("4") == []


def test_an_import_keeps_what_it_changes_and_not_what_it_creates() -> None:
    world = ImportWorld()
    world.run("name,email\nAnn,ann@x.com\nBob,bob@x.com\n")

    import_ = world.run("name,email\nAnn Newman,ann@x.com\nCy,cy@x.com\nBob,bob@x.com\n")

    reader = BeforeImageReader(world.stores.files, import_)
    (name,) = reader.list_names(images_of_batch(0))
    assert [(image.version, image.before.fields["name"]) for image in reader.each(name)] == [(2, "Ann")]
    assert reader.list_shards() == []


def test_cleanup_keeps_what_it_deletes_by_shard() -> None:
    world = ImportWorld()
    world.run("name,email\nAnn,ann@x.com\nBob,bob@x.com\n")
    world.clock.now_s += 60

    import_ = world.run("name,email\nAnn,ann@x.com\n", action="overwrite")

    reader = BeforeImageReader(world.stores.files, import_)
    (shard,) = reader.list_shards()
    (name,) = reader.list_names(images_of_shard(shard))
    assert [image.before.fields["name"] for image in reader.each(name)] == ["Bob"]


def test_a_preview_keeps_nothing() -> None:
    world = ImportWorld()
    world.run("name,email\nAnn,ann@x.com\n")

    import_ = world.run("name,email\nAnn Newman,ann@x.com\n", is_preview=True)

    assert BeforeImageReader(world.stores.files, import_).list_names("0") == []
