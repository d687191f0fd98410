"""What `Imports` promises, but for status changes."""

from dataclasses import replace

import pytest

from chalicelib.model.events import event_of_import
from chalicelib.model.ids import TenantId
from chalicelib.model.imports import Import, PhaseProgress, PhaseStatus, Source, Stats, Status, UploadMode
from chalicelib.model.list_filters import ImportFilter
from chalicelib.model.notations import DateOrder, DecimalSign
from chalicelib.model.phases import PhaseName
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.reading_options import ReadingOptions
from chalicelib.model.retention import DAY_S, day_of
from chalicelib.model.status_changes import ImportChange
from chalicelib.stores.interfaces import Stores
from tests.contract.stores.builders import an_import, an_import_id
from tests.contract.stores.conftest import NOW

PHASES = (
    PhaseProgress(
        name=PhaseName.PARSING, mode=UploadMode.ASYNC, status=PhaseStatus.PROCESSING, total=3, success=2, error=1
    ),
)


def test_an_import_is_found_as_it_was_added(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(
        tenant,
        name="März",
        column_mapping={"E-Mail": "email", "": "name"},
        reading=ReadingOptions(
            delimiter=";",
            decimal=DecimalSign.COMMA,
            date_order=DateOrder.DAY_FIRST,
            time_zone="Europe/Berlin",
            list_separator="\n",
            true_words=("так", "x"),
            false_words=("-",),
        ),
        source=Source(key="a/b", version_id="v1", size_bytes=5),
        phases=PHASES,
        stats=Stats(total=3, created=2, created_references={"companies": 2}),
        created_at=17,
        upload_expires_at=18,
    )

    is_new = stores.imports.add(import_)

    assert is_new
    assert stores.imports.find(tenant, import_.import_id) == import_


def test_an_id_is_added_once(stores: Stores, tenant: TenantId) -> None:
    first = an_import(tenant, name="first")
    stores.imports.add(first)

    is_new = stores.imports.add(replace(first, name="second"))

    assert not is_new
    assert stores.imports.find(tenant, first.import_id) == first


def test_an_absent_import_is_not_found(stores: Stores, tenant: TenantId) -> None:
    assert stores.imports.find(tenant, an_import_id()) is None


def test_what_was_given_away_is_not_what_is_stored(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, column_mapping={"a": "name"})
    stores.imports.add(import_)

    import_.column_mapping["b"] = "email"
    found = stores.imports.find(tenant, import_.import_id)
    assert found is not None
    found.column_mapping.clear()

    assert stores.imports.find(tenant, import_.import_id) == replace(import_, column_mapping={"a": "name"})


def test_pages_are_listed_newest_first_with_the_total(stores: Stores, tenant: TenantId) -> None:
    made = [an_import(tenant, created_at=at) for at in (NOW + 10, NOW + 30, NOW + 20)]
    for import_ in made:
        stores.imports.add(import_)

    pages = [stores.imports.list_page(tenant, page=page, per_page=2) for page in (1, 2, 3)]

    assert [[one.created_at for one in page.entries] for page in pages] == [[NOW + 30, NOW + 20], [NOW + 10], []]
    assert [page.total for page in pages] == [3, 3, 3]


def test_a_list_shows_only_the_resources_asked_for(stores: Stores, tenant: TenantId) -> None:
    for number, resource in enumerate(["contacts", "tickets", "users"]):
        stores.imports.add(an_import(tenant, resource=resource, created_at=NOW + number))

    listing = stores.imports.list_page(
        tenant, ImportFilter(resources=frozenset({"users", "contacts"})), page=1, per_page=5
    )

    assert [one.resource for one in listing.entries] == ["users", "contacts"]
    assert listing.total == 2


def test_a_list_goes_back_to_the_day_asked_for(stores: Stores, tenant: TenantId) -> None:
    noon = day_of(NOW) * DAY_S + DAY_S // 2
    for created_at in (noon - DAY_S, noon - 100, noon, noon + 100):
        stores.imports.add(an_import(tenant, created_at=created_at))

    pages = [stores.imports.list_page(tenant, ImportFilter(since=noon), page=page, per_page=2) for page in (1, 2)]

    assert [[one.created_at for one in page.entries] for page in pages] == [[noon + 100, noon], [noon - 100]]
    assert [page.total for page in pages] == [3, 3]


def test_who_canceled_and_when_is_kept(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, status=Status.PROCESSING)
    stores.imports.add(import_)

    change = ImportChange(to=Status.CANCELING, at=7, by="key_1", canceled_by="key_1", canceled_at=7)
    stores.imports.change(tenant, import_.import_id, change)
    stores.imports.change(tenant, import_.import_id, ImportChange(to=Status.CANCELED, at=9))

    stored = stores.imports.find(tenant, import_.import_id)
    assert stored is not None
    assert (stored.status, stored.canceled_by, stored.canceled_at) == (Status.CANCELED, "key_1", 7)


@pytest.mark.parametrize("status", [Status.PROCESSING, Status.CANCELING])
def test_progress_is_reported_without_touching_the_status(stores: Stores, tenant: TenantId, status: Status) -> None:
    import_ = an_import(tenant, status=status, name="kept")
    stores.imports.add(import_)

    is_taken = stores.imports.report(
        replace(import_, status=Status.COMPLETED, name="lost", phases=PHASES, stats=Stats(total=3), updated_at=9)
    )

    assert is_taken
    reported = replace(import_, phases=PHASES, stats=Stats(total=3), updated_at=9)
    assert stores.imports.find(tenant, import_.import_id) == reported


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.PROCESSING, Status.CANCELING}))
def test_progress_is_refused_before_the_start_and_after_the_end(
    stores: Stores, tenant: TenantId, status: Status
) -> None:
    import_ = an_import(tenant, status=status)
    stores.imports.add(import_)

    assert not stores.imports.report(replace(import_, stats=Stats(total=3)))
    assert stores.imports.find(tenant, import_.import_id) == import_


@pytest.mark.parametrize("status", [Status.PROCESSING, Status.CANCELING])
def test_work_is_kept_without_touching_the_status(stores: Stores, tenant: TenantId, status: Status) -> None:
    import_ = an_import(tenant, status=status, name="kept")
    stores.imports.add(import_)

    kept = stores.imports.keep_work(
        replace(import_, status=Status.COMPLETED, name="lost", stats=Stats(total=3), work=b"work", work_key="a/key")
    )

    expected = replace(import_, stats=Stats(total=3), work=b"work", work_key="a/key", work_revision=1)
    assert kept == expected
    assert stores.imports.find(tenant, import_.import_id) == expected


def test_work_is_kept_only_by_who_knows_what_was_kept_last(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, status=Status.PROCESSING)
    stores.imports.add(import_)
    first = stores.imports.keep_work(replace(import_, work=b"first"))
    assert first is not None

    assert stores.imports.keep_work(replace(import_, work=b"of another")) is None
    second = stores.imports.keep_work(replace(first, work=b"second"))

    assert second is not None
    assert (second.work, second.work_revision) == (b"second", 2)
    assert stores.imports.find(tenant, import_.import_id) == second


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.PROCESSING, Status.CANCELING}))
def test_work_is_not_kept_before_the_start_and_after_the_end(stores: Stores, tenant: TenantId, status: Status) -> None:
    import_ = an_import(tenant, status=status)
    stores.imports.add(import_)

    assert stores.imports.keep_work(replace(import_, work=b"work")) is None
    assert stores.imports.find(tenant, import_.import_id) == import_


def test_work_of_an_older_attempt_and_of_an_absent_import_is_not_kept(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, status=Status.PROCESSING, attempt=2)
    stores.imports.add(import_)

    assert stores.imports.keep_work(replace(import_, attempt=1, work=b"work")) is None
    assert stores.imports.keep_work(an_import(tenant, status=Status.PROCESSING)) is None
    assert stores.imports.find(tenant, import_.import_id) == import_


def test_progress_leaves_work_alone(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, status=Status.PROCESSING)
    stores.imports.add(import_)
    kept = stores.imports.keep_work(replace(import_, work=b"work"))

    assert stores.imports.report(replace(import_, stats=Stats(total=3)))

    assert kept is not None
    assert stores.imports.find(tenant, import_.import_id) == replace(kept, stats=Stats(total=3))


def test_progress_of_an_older_attempt_is_refused(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, status=Status.PROCESSING, attempt=2)
    stores.imports.add(import_)

    assert not stores.imports.report(replace(import_, attempt=1, stats=Stats(total=3)))
    assert stores.imports.find(tenant, import_.import_id) == import_


def test_progress_of_an_absent_import_is_refused(stores: Stores, tenant: TenantId) -> None:
    assert not stores.imports.report(an_import(tenant, status=Status.PROCESSING))


@pytest.mark.parametrize("name", ["new", None])
def test_an_import_is_renamed_in_any_status(stores: Stores, tenant: TenantId, name: str | None) -> None:
    import_ = an_import(tenant, name="old", status=Status.COMPLETED)
    stores.imports.add(import_)

    is_renamed = stores.imports.rename(tenant, import_.import_id, name, by="ann", at=9)

    assert is_renamed
    renamed = replace(import_, name=name, updated_by="ann", updated_at=9)
    assert stores.imports.find(tenant, import_.import_id) == renamed


def test_an_absent_import_is_not_renamed(stores: Stores, tenant: TenantId) -> None:
    absent = an_import_id()

    assert not stores.imports.rename(tenant, absent, "new", by="ann", at=9)
    assert stores.imports.find(tenant, absent) is None


def final(tenant: TenantId) -> Import:
    return an_import(tenant, status=Status.FAILED)


def test_a_deleted_import_is_gone_from_every_list(stores: Stores, tenant: TenantId) -> None:
    import_ = final(tenant)
    stores.imports.add(import_)

    is_deleted = stores.imports.delete(tenant, import_.import_id)

    assert is_deleted
    assert stores.imports.find(tenant, import_.import_id) is None
    assert stores.imports.list_page(tenant, page=1, per_page=5).total == 0


def test_a_deleted_import_takes_no_more_changes_and_keeps_its_id(stores: Stores, tenant: TenantId) -> None:
    import_ = final(tenant)
    stores.imports.add(import_)
    stores.imports.delete(tenant, import_.import_id)

    assert not stores.imports.add(import_)
    assert not stores.imports.delete(tenant, import_.import_id)
    assert not stores.imports.rename(tenant, import_.import_id, "new", by="ann", at=9)
    assert stores.imports.change(tenant, import_.import_id, ImportChange(to=Status.QUEUED, at=9)) is None


@pytest.mark.parametrize("status", [Status.REQUESTED, Status.QUEUED, Status.PROCESSING, Status.CANCELING])
def test_an_import_that_is_not_final_is_not_deleted(stores: Stores, tenant: TenantId, status: Status) -> None:
    import_ = an_import(tenant, status=status)
    stores.imports.add(import_)

    assert not stores.imports.delete(tenant, import_.import_id)
    assert stores.imports.find(tenant, import_.import_id) == import_


def test_an_absent_import_is_not_deleted(stores: Stores, tenant: TenantId) -> None:
    assert not stores.imports.delete(tenant, an_import_id())


NOTE = Problem(ProblemCode.UPLOAD_IGNORED, value="v2", facts={"size_bytes": 7, "read_bytes": 5})


def test_notes_are_added_whatever_the_status_and_survive_later_changes(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, status=Status.QUEUED)
    stores.imports.add(import_)

    is_noted = stores.imports.note(import_, (NOTE,))
    for status in (Status.PROCESSING, Status.COMPLETED):
        stores.imports.change(tenant, import_.import_id, ImportChange(to=status, at=5, findings=()))
    found = stores.imports.find(tenant, import_.import_id)
    assert found is not None
    is_noted_again = stores.imports.note(found, (NOTE, replace(NOTE, value="v3")))

    found = stores.imports.find(tenant, import_.import_id)
    assert (is_noted, is_noted_again) == (True, True)
    assert found is not None
    assert (found.status, found.notes) == (Status.COMPLETED, (NOTE, replace(NOTE, value="v3")))


def test_notes_that_have_changed_meanwhile_are_not_replaced(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant)
    stores.imports.add(import_)
    stores.imports.note(import_, (NOTE,))

    is_noted = stores.imports.note(import_, (replace(NOTE, value="v3"),))

    found = stores.imports.find(tenant, import_.import_id)
    assert found is not None
    assert (is_noted, found.notes) == (False, (NOTE,))


def test_an_import_that_is_gone_takes_no_notes(stores: Stores, tenant: TenantId) -> None:
    never, deleted = an_import(tenant), an_import(tenant, status=Status.EXPIRED)
    stores.imports.add(deleted)
    stores.imports.delete(tenant, deleted.import_id)

    assert not stores.imports.note(never, (NOTE,))
    assert not stores.imports.note(deleted, (NOTE,))
    assert stores.imports.find(tenant, deleted.import_id) is None


@pytest.mark.parametrize(
    "meanwhile",
    [
        pytest.param(ImportChange(to=Status.CANCELING, at=5), id="canceled"),
        pytest.param(ImportChange(to=Status.FAILED, at=5), id="ended"),
    ],
)
def test_an_import_ends_as_known_only_where_it_is_so(stores: Stores, tenant: TenantId, meanwhile: ImportChange) -> None:
    import_ = an_import(tenant, status=Status.PROCESSING, deadline_at=200)
    stores.imports.add(import_)
    changed = stores.imports.change(tenant, import_.import_id, meanwhile)

    ended = stores.imports.change_known(import_, ImportChange(to=Status.COMPLETED, at=6))

    assert ended is None
    assert stores.imports.find(tenant, import_.import_id) == changed


def test_an_import_is_not_as_known_where_it_has_a_deadline_since(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, status=Status.PROCESSING, deadline_at=200)
    stores.imports.add(import_)

    known = replace(import_, deadline_at=None)

    assert stores.imports.change_known(known, ImportChange(to=Status.COMPLETED, at=6)) is None


def test_an_import_begins_as_known(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, status=Status.QUEUED)
    stores.imports.add(import_)
    begin = ImportChange(to=Status.PROCESSING, at=5, attempt=1, started_at=5, deadline_at=200)

    begun = stores.imports.change_known(import_, begin)

    assert begun == stores.imports.find(tenant, import_.import_id) == begin.applied_to(import_)
    assert stores.imports.change_known(import_, begin) is None
    assert (tenant, import_.import_id) in stores.imports.each_due(201)


def test_an_import_that_the_reaper_has_tried_to_end_does_not_end_as_known(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, status=Status.PROCESSING, deadline_at=200)
    stores.imports.add(import_)
    stores.imports.postpone(import_, until=300)

    assert stores.imports.change_known(import_, ImportChange(to=Status.COMPLETED, at=6)) is None


def test_an_import_that_is_added_when_it_has_ended_is_still_to_be_told(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, status=Status.COMPLETED, unpublished_since=NOW - 100)
    stores.imports.add(import_)

    assert import_ in stores.imports.each_unpublished(NOW)
    stores.imports.mark_published(import_, event_of_import(import_))
    assert import_.import_id not in {one.import_id for one in stores.imports.each_unpublished(NOW)}


def test_the_work_of_a_request_is_kept_with_its_import(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, status=Status.PROCESSING, work=b"\x00\xff", work_key="")
    stores.imports.add(import_)
    later = replace(import_, work=b"", work_key="work/a")

    assert stores.imports.find(tenant, import_.import_id) == import_
    assert stores.imports.keep_work(later) == replace(later, work_revision=1)
