"""What becomes of a record that an import has changed, by who has made it as it is now."""

from dataclasses import replace

import pytest

from chalicelib.imports.phases.undoing import UndoRules, undo, version_left
from chalicelib.model.before_images import BeforeImage, BeforeImages
from chalicelib.model.ids import ImportId, RecordId
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.records import Origin, Record, Stamp, Write
from chalicelib.model.rows import Draft, Outcome, RowOutcome

IMPORT, UNDO, OTHER, EARLIER = map(ImportId, ("imp_1", "imp_undo", "imp_other", "imp_earlier"))
ID = RecordId("con_a")
RULES = UndoRules(import_id=UNDO, undone=IMPORT, earlier_undos=frozenset({EARLIER}))


def a_record(version: int, *makers: ImportId, is_deleted: bool = False, origin: Origin | None = None) -> Record:
    """A record that these imports have written, the last of them in this version."""
    return Record(
        record_id=ID,
        fields={} if is_deleted else {"name": f"version {version}"},
        version=version,
        created_at=1,
        updated_at=2,
        claims=() if is_deleted else (f"email={version}@x.com",),
        stamps=tuple(Stamp(one, 1, Outcome.UPDATED) for one in makers),
        is_deleted=is_deleted,
        origin=origin,
    )


def images_of(*befores: Record) -> BeforeImages:
    return {(ID, one.version + 1): BeforeImage(ID, one.version + 1, 1, one) for one in befores}


def decide(record: Record | None, images: BeforeImages) -> Write | RowOutcome:
    stored = {ID: record} if record else {}
    (decision,) = undo([Draft(5, 5, {}, [], ID, is_match=True)], stored, images, RULES)
    return decision[1]


def test_a_changed_record_is_written_as_it_was() -> None:
    before, now = a_record(3, OTHER), a_record(4, OTHER, IMPORT)

    write = decide(now, images_of(before))

    assert isinstance(write, Write)
    assert (write.before, write.restores) == (now, before)
    assert (write.fields, write.claims, write.stamp) == (
        before.fields,
        before.claims,
        Stamp(UNDO, 5, Outcome.UPDATED),
    )
    after = write.after(9)
    assert (after.version, after.created_at, after.updated_at) == (5, 1, 9)
    assert after.origin == Origin(OTHER, 3)


def test_a_created_record_is_deleted() -> None:
    write = decide(a_record(1, IMPORT), {})

    assert isinstance(write, Write)
    assert (write.stamp.outcome, write.fields, write.claims) == (Outcome.DELETED, {}, ())
    assert write.after(9).is_deleted


def test_a_record_that_was_made_where_another_had_been_deleted_is_deleted_again() -> None:
    tombstone = a_record(3, OTHER, is_deleted=True)

    write = decide(a_record(4, OTHER, IMPORT), images_of(tombstone))

    assert isinstance(write, Write)
    assert write.stamp.outcome is Outcome.DELETED
    assert write.after(9).origin == Origin(OTHER, 3)


def test_a_deleted_record_is_brought_back_as_old_as_it_was() -> None:
    before = a_record(3, OTHER)

    write = decide(a_record(4, OTHER, IMPORT, is_deleted=True), images_of(before))

    assert isinstance(write, Write)
    assert write.stamp.outcome is Outcome.CREATED
    assert write.after(9).created_at == before.created_at


def test_of_several_changes_by_the_import_the_first_counts() -> None:
    first, second = a_record(3, OTHER), a_record(4, OTHER, IMPORT)

    write = decide(a_record(5, OTHER, IMPORT, IMPORT), images_of(first, second))

    assert isinstance(write, Write)
    assert write.restores == first


def test_changes_of_others_in_between_stay() -> None:
    first, other = a_record(2, OTHER), a_record(4, IMPORT, OTHER)

    write = decide(a_record(5, IMPORT, OTHER, IMPORT), images_of(first, other))

    assert isinstance(write, Write)
    assert write.restores == other


def test_what_an_undo_of_somebody_else_has_restored_is_as_the_import_left_it() -> None:
    before = a_record(3, OTHER)
    now = a_record(6, IMPORT, OTHER, EARLIER, origin=Origin(IMPORT, 4))

    write = decide(now, images_of(before))

    assert isinstance(write, Write)
    assert write.restores == before
    assert write.after(9).origin == Origin(OTHER, 3)


def test_a_version_of_an_import_is_left_by_its_last_stamp_or_its_origin() -> None:
    assert version_left(a_record(4, IMPORT), IMPORT) == 4
    assert version_left(a_record(6, OTHER, origin=Origin(IMPORT, 4)), IMPORT) == 4
    assert version_left(a_record(6, IMPORT, origin=Origin(OTHER, 4)), IMPORT) == 6
    assert version_left(a_record(5, IMPORT, OTHER), IMPORT) is None
    assert version_left(a_record(5), IMPORT) is None
    assert version_left(None, IMPORT) is None


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(a_record(5, IMPORT, OTHER), id="changed"),
        pytest.param(a_record(5, IMPORT, OTHER, is_deleted=True), id="deleted"),
        pytest.param(None, id="gone"),
        pytest.param(a_record(1), id="made anew, without a stamp"),
    ],
)
def test_what_others_have_done_since_is_kept(record: Record | None) -> None:
    outcome = decide(record, images_of(a_record(3, OTHER)))

    assert isinstance(outcome, RowOutcome)
    assert outcome.outcome is Outcome.SKIPPED
    assert [(one.code, one.value) for one in outcome.problems] == [(ProblemCode.CHANGED_SINCE, ID)]


@pytest.mark.parametrize("maker", [EARLIER, UNDO], ids=["an earlier undo", "another row of this one"])
def test_what_was_reversed_before_is_unchanged(maker: ImportId) -> None:
    outcome = decide(a_record(5, IMPORT, maker), images_of(a_record(3, OTHER)))

    assert isinstance(outcome, RowOutcome)
    assert (outcome.outcome, outcome.problems) == (Outcome.UNCHANGED, [])


def test_a_record_that_the_import_created_and_deleted_stays_deleted() -> None:
    created = a_record(1, IMPORT)

    outcome = decide(a_record(2, IMPORT, IMPORT, is_deleted=True), images_of(created))

    assert isinstance(outcome, RowOutcome)
    assert outcome.outcome is Outcome.UNCHANGED


def test_without_an_image_the_row_fails() -> None:
    outcome = decide(a_record(4, IMPORT), {})

    assert isinstance(outcome, RowOutcome)
    assert [one.code for one in outcome.problems] == [ProblemCode.BEFORE_IMAGE_MISSING]


def test_the_image_of_a_write_that_lost_a_race_restores_nothing() -> None:
    lost = images_of(a_record(3, OTHER))

    outcome = decide(a_record(4, OTHER, OTHER), lost)

    assert isinstance(outcome, RowOutcome)
    assert outcome.outcome is Outcome.SKIPPED


def test_a_row_that_was_written_before_a_retry_is_repeated() -> None:
    now = replace(a_record(5, IMPORT, UNDO), stamps=(Stamp(UNDO, 5, Outcome.UPDATED),))

    write = decide(now, images_of(a_record(3, OTHER)))

    assert isinstance(write, Write)
    assert write.is_repeat
    assert write.fields is now.fields
