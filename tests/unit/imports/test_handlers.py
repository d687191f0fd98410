"""The whole road with stores in memory: once in one task, once with a Map for every phase; both must end alike."""

import pytest

from chalicelib.access.context import InlineRun
from chalicelib.imports.rehearsed_records import RehearsedRecords
from chalicelib.model.imports import Import, PhaseStatus, Status
from chalicelib.model.limits import Limits
from chalicelib.model.row_rules import RowRules
from tests.import_world import ImportWorld, run_import

SMALL = Limits()
CUT = Limits(small_source_bytes=0, batch_rows=3)
"""Every source is large, and every third row begins a batch."""


@pytest.fixture(params=[SMALL, CUT], ids=["in one task", "in batches"])
def world(request: pytest.FixtureRequest) -> ImportWorld:
    return ImportWorld(limits=request.param)


def add_up(import_: Import) -> int:
    stats = import_.stats
    return (
        stats.created
        + stats.updated
        + stats.unchanged
        + stats.deleted
        + stats.skipped
        + stats.failed
        + stats.unprocessed
    )


PEOPLE = "".join(f"Person {n},person{n}@example.com,{'open' if n == 4 else 'active'}\n" for n in range(1, 9))


def test_good_rows_become_records_and_bad_ones_are_told(world: ImportWorld) -> None:
    import_ = world.run("name,email,status\n" + PEOPLE)

    assert import_.status is Status.COMPLETED
    assert (import_.stats.total, import_.stats.created, import_.stats.failed) == (8, 7, 1)
    assert world.codes(import_) == {4: ["not_a_choice"]}
    assert [one.fields["email"] for one in world.records()].count("person4@example.com") == 0
    assert len(world.records()) == 7


def test_the_same_source_again_changes_nothing(world: ImportWorld) -> None:
    source = "name,email\n" + "".join(f"Person {n},person{n}@example.com\n" for n in range(1, 9))
    world.run(source)
    before = world.records()

    import_ = world.run(source)

    assert (import_.stats.unchanged, import_.stats.created, import_.stats.updated) == (8, 0, 0)
    assert world.records() == before


def test_a_changed_row_updates_only_what_it_gives(world: ImportWorld) -> None:
    world.run("name,email,phone\nJane,jane@example.com,+15551234567\n")

    import_ = world.run("email,name\njane@example.com,Jane Doe\n")

    assert import_.stats.updated == 1
    assert world.records()[0].fields["name"] == "Jane Doe"
    assert world.records()[0].fields["phone"] == "+15551234567"


FAR_APART = "name,email\nA,a@x.com\nB,b@x.com\nC,c@x.com\nD,d@x.com\nE,e@x.com\nF,f@x.com\nSecond A,A@X.com\n"


def test_names_in_two_columns_make_the_name_of_a_record(world: ImportWorld) -> None:
    import_ = world.run("First Name,Last Name,email\nJane,Doe,jane@example.com\nCher,,cher@example.com\n")

    assert import_.stats.created == 2
    assert [one.fields["name"] for one in world.records()] == ["Jane Doe", "Cher"]
    assert all("first_name" not in one.fields for one in world.records())

    import_ = world.run("First Name,Last Name,email\nJane,Roe,jane@example.com\nCher,,cher@example.com\n")

    assert (import_.stats.updated, import_.stats.unchanged) == (1, 1)


def test_a_part_of_a_name_alone_undoes_no_other(world: ImportWorld) -> None:
    world.run("name,email\nJane Doe,jane@example.com\n")

    import_ = world.run("first_name,email\nJanet,jane@example.com\n")

    assert import_.stats.unchanged == 1
    assert world.records()[0].fields["name"] == "Jane Doe"


def test_use_first_keeps_the_first_copy_however_far_apart(world: ImportWorld) -> None:
    import_ = world.run(FAR_APART, duplicate_handling="use_first")

    assert (import_.stats.created, import_.stats.skipped) == (6, 1)
    assert world.codes(import_) == {7: ["duplicate_in_source"]}


def test_ignore_all_drops_every_copy(world: ImportWorld) -> None:
    import_ = world.run(FAR_APART, duplicate_handling="ignore_all")

    assert (import_.stats.created, import_.stats.skipped) == (5, 2)
    assert sorted(world.codes(import_)) == [1, 7]


def test_a_row_whose_identities_mean_two_records_fails(world: ImportWorld) -> None:
    world.run("name,email,external_id\nA,a@x.com,1\nB,b@x.com,2\n")

    import_ = world.run("name,email,external_id\nWho,a@x.com,2\n")

    assert (import_.stats.failed, import_.stats.updated) == (1, 0)
    assert world.codes(import_) == {1: ["ambiguous_match"]}


def test_rows_that_mean_one_record_by_different_identities_are_duplicates(world: ImportWorld) -> None:
    world.run("name,email,external_id\nA,a@x.com,1\n")

    import_ = world.run("name,email,external_id\nBy mail,a@x.com,\nX,x@x.com,7\nY,y@x.com,8\nBy id,,1\n")

    assert (import_.stats.updated, import_.stats.created, import_.stats.skipped) == (1, 2, 1)
    assert world.codes(import_) == {4: ["duplicate_in_source"]}


def test_delete_removes_what_matches_and_fails_what_does_not(world: ImportWorld) -> None:
    world.run("name,email\nA,a@x.com\nB,b@x.com\n")

    import_ = world.run("email\na@x.com\nnobody@x.com\n", action="delete")

    assert (import_.stats.deleted, import_.stats.failed) == (1, 1)
    assert world.codes(import_) == {2: ["not_found"]}
    assert [one.fields["email"] for one in world.records()] == ["b@x.com"]


def test_update_only_creates_nothing(world: ImportWorld) -> None:
    world.run("name,email\nA,a@x.com\n")

    import_ = world.run("name,email\nAnn,a@x.com\nB,b@x.com\n", action="update")

    assert (import_.stats.updated, import_.stats.failed, import_.stats.created) == (1, 1, 0)


def test_create_only_changes_nothing_that_exists(world: ImportWorld) -> None:
    world.run("name,email\nA,a@x.com\n")

    import_ = world.run("name,email\nAnn,a@x.com\nB,b@x.com\n", action="create")

    assert (import_.stats.created, import_.stats.failed) == (1, 1)
    assert world.codes(import_) == {1: ["already_exists"]}


def test_overwrite_deletes_what_no_row_names(world: ImportWorld) -> None:
    world.run("name,email\nA,a@x.com\nB,b@x.com\nC,c@x.com\n")

    import_ = world.run("name,email\nA,a@x.com\nNew,n@x.com\n", action="overwrite")

    assert (import_.stats.unchanged, import_.stats.created, import_.stats.overwritten) == (1, 1, 2)
    assert sorted(str(one.fields["email"]) for one in world.records()) == ["a@x.com", "n@x.com"]


def test_overwrite_spares_what_bad_skipped_and_ambiguous_rows_name(world: ImportWorld) -> None:
    world.run("name,email,external_id\nA,a@x.com,1\nB,b@x.com,2\nC,c@x.com,3\nD,d@x.com,4\nE,e@x.com,5\n")
    rows = [
        "name,email,external_id,status",
        "bad,a@x.com,1,nonsense",
        "copy,b@x.com,2,active",
        "copy,b@x.com,2,active",
        "two records,c@x.com,4,active",
    ]

    import_ = world.run("\n".join(rows), action="overwrite", duplicate_handling="ignore_all")

    assert (import_.stats.failed, import_.stats.skipped, import_.stats.overwritten) == (2, 2, 1)
    assert sorted(str(one.fields["name"]) for one in world.records()) == ["A", "B", "C", "D"]


@pytest.mark.parametrize(
    "source",
    ["name,email\nA,a@x.com\nbad,not an address\n", "name,email\n"],
    ids=["an identity that cannot be read", "no rows"],
)
def test_overwrite_deletes_nothing_where_rows_might_mean_anything(world: ImportWorld, source: str) -> None:
    world.run("name,email\nA,a@x.com\nB,b@x.com\n")

    import_ = world.run(source, action="overwrite")

    assert import_.status is Status.COMPLETED
    assert import_.stats.overwritten == 0
    assert str(import_.reason).startswith("cleanup_not_done")
    assert len(world.records()) == 2


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\xff" * 50], ids=["empty", "no table"])
def test_a_source_that_cannot_be_read_fails_the_import_with_a_reason(world: ImportWorld, content: bytes) -> None:
    import_ = world.run(content)

    assert import_.status is Status.FAILED
    assert import_.reason
    assert import_.stats.total == 0
    assert import_.phases[0].status is PhaseStatus.FAILED


def test_a_request_can_take_its_rows_through_the_whole_pipeline(world: ImportWorld) -> None:
    content = b"name,email\nA,a@x.com\nB,not an address\nSecond A,a@x.com\n"

    arrived = world.machine.run_all_phases(world.queue(content), InlineRun(content))

    assert arrived.import_.status is Status.COMPLETED
    assert [(one.row_number, one.outcome.value) for one in arrived.outcomes] == [
        (1, "created"),
        (2, "failed"),
        (3, "skipped"),
    ]
    assert [one.fields["email"] for one in world.records()] == ["a@x.com"]


def test_where_any_field_matches_a_row_is_a_duplicate_of_any_such_record(world: ImportWorld) -> None:
    world.run("name,email,phone\nJane Doe,jane@x.com,+15551234567\n", resource="contacts")
    rules = RowRules(matches_any_field=True)
    rows = [
        "name,email,phone",
        "JANE DOE,other@x.com,",
        "Somebody,else@x.com,+1 555 123 4567",
        "New,new@x.com,",
        "new,again@x.com,",
    ]

    import_ = world.run("\n".join(rows), resource="contacts", action="create", rules=rules)

    assert (import_.stats.created, import_.stats.skipped) == (1, 3)
    assert world.codes(import_) == {1: ["matches_record"], 2: ["matches_record"], 4: ["duplicate_in_source"]}


def test_a_dead_reference_creates_the_record_it_names_where_the_dialect_wants_it(world: ImportWorld) -> None:
    rows = "name,email,company_name\nA,a@x.com,Acme Corp\nB,b@x.com,ACME corp\nC,c@x.com,Other\n"

    import_ = world.run(rows, resource="contacts", rules=RowRules(create_missing=("company_name",)))

    companies = {str(one.fields["name"]): one.record_id for one in world.records("companies")}
    linked = [
        one.fields["company_id"] for one in sorted(world.records("contacts"), key=lambda one: str(one.fields["name"]))
    ]
    assert import_.stats.created == 3
    assert sorted(companies) == ["Acme Corp", "Other"]
    assert linked == [companies["Acme Corp"], companies["Acme Corp"], companies["Other"]]


ONLY_THIS = RowRules(header=("name", "email"), required=("email",), max_rows=8)


def test_the_header_line_that_is_asked_for_is_taken_and_a_row_must_give_what_is_required(world: ImportWorld) -> None:
    import_ = world.run("name,email\nAnn,ann@example.com\nBob,\nCy,wrong\n", rules=ONLY_THIS)

    assert (import_.status, import_.stats.created, import_.stats.failed) == (Status.COMPLETED, 1, 2)
    assert world.codes(import_) == {2: ["required"], 3: ["invalid_email"]}


@pytest.mark.parametrize(
    ("source", "code"),
    [
        pytest.param("name,Email\nAnn,ann@example.com\n", "header_differs", id="another header"),
        pytest.param("name,email\n" + "Ann,ann@example.com\n" * 9, "too_many_rows", id="a row too many"),
    ],
)
def test_a_source_that_breaks_the_rules_of_its_import_fails_it_before_anything_is_written(
    world: ImportWorld, source: str, code: str
) -> None:
    import_ = world.run(source, rules=ONLY_THIS)

    assert (import_.status, import_.reason and import_.reason.partition(":")[0]) == (Status.FAILED, code)
    assert world.records() == []


def test_as_many_rows_as_the_rules_allow_are_taken(world: ImportWorld) -> None:
    rows = "".join(f"N{n},n{n}@example.com\n" for n in range(8))

    assert world.run("name,email\n" + rows, rules=ONLY_THIS).stats.created == 8


def test_an_import_that_had_begun_before_goes_on_from_that_moment(world: ImportWorld) -> None:
    source = "name,email\n" + "".join(f"Person {n},person{n}@example.com\n" for n in range(1, 9))

    fresh, again = world.run(source), world.run(source, began_ms=5)

    assert (fresh.began_ms or 0) > 5
    assert again.began_ms == 5


def test_a_preview_is_given_no_store_that_it_could_write_to(world: ImportWorld) -> None:
    preview = world.queue("name,email\nAnn,ann@example.com\n", is_preview=True)
    run_import(world.machine, preview)

    context = world.machine._context(world.get(preview))

    assert isinstance(context.stores.records, RehearsedRecords)
    assert world.records() == []


@pytest.mark.parametrize(("began_ms", "left"), [(7, ["Ann", "Bob"]), (None, ["Ann"])], ids=["begun", "new"])
def test_a_request_that_goes_on_with_an_overwrite_spares_what_was_written_since_it_first_began(
    began_ms: int | None, left: list[str]
) -> None:
    world = ImportWorld()
    world.run("name,email\nBob,bob@x.com\n")
    world.clock.now_s += 60
    content = b"name,email\nAnn,ann@x.com\n"

    done = world.machine.run_all_phases(world.queue(content, action="overwrite", began_ms=began_ms), InlineRun(content))

    assert done.import_.status is Status.COMPLETED
    assert sorted(str(one.fields["name"]) for one in world.records()) == left
