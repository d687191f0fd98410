"""What is tried again: rows that failed, were skipped or not processed, and nothing that was mended before."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.errors import Conflict, Refused
from chalicelib.imports.create import inline_source, run_import
from chalicelib.imports.request import ImportRequest
from chalicelib.imports.service import delete
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Action, DuplicateHandling, Status
from chalicelib.model.limits import Limits
from chalicelib.model.row_rules import RowRules
from tests.real_pipeline import connect_pipeline
from tests.retries import (
    IN_BATCHES,
    IN_MEMORY,
    IN_ONE_TASK,
    codes_of,
    facts_of,
    imported,
    outcomes_of,
    records,
    requested_again,
    retried,
    rows_of,
    run,
)
from tests.workbooks import workbook
from tests.world import World

DIRTY = (
    b"name,email,phone\n"
    b"Ann,ann@x.com,\n"
    b"Bob,wrong,\n"
    b"Cid,cid@x.com,\n"
    b"Dan,also wrong,\n"
    b"Eve,eve@x.com,,,too many\n"
    b"Fay,fay@x.com,\n"
    b"Gil,ann@x.com,\n"
)


@pytest.fixture(params=[IN_MEMORY, IN_ONE_TASK, IN_BATCHES], ids=["in memory", "in one task", "in batches"])
def world(request: pytest.FixtureRequest) -> World:
    return World(request.param)


def test_failed_rows_are_mended_under_their_numbers(world: World) -> None:
    root = imported(world, DIRTY, duplicate_handling=DuplicateHandling.USE_FIRST)
    assert outcomes_of(world, root) == {
        1: "created",
        2: "failed",
        3: "created",
        4: "failed",
        5: "failed",
        6: "created",
        7: "skipped",
    }

    child = retried(world, root, {2: {"email": "bob@x.com"}, 5: {"name": "Eve", "email": "eve@x.com"}})

    assert (child.status, child.retry_of) == (Status.COMPLETED, root.import_id)
    assert outcomes_of(world, child) == {2: "created", 4: "failed", 5: "created"}
    assert codes_of(world, child) == {4: ["invalid_email"]}
    assert (child.stats.total, child.stats.created, child.stats.failed) == (3, 2, 1)
    stored = world.stored_import(root)
    assert (stored.mended, stored.retries, stored.busy_with) == (2, (child.import_id,), None)
    assert stored.stats == root.stats
    assert sorted(str(one["name"]) for one in records(world).values()) == ["Ann", "Bob", "Cid", "Eve", "Fay"]


def test_rows_that_were_skipped_or_not_processed_are_tried_where_they_are_included(world: World) -> None:
    root = imported(world, b"name,email\nAnn,ann@x.com\nBob,ann@x.com\nCid,wrong\n")
    assert outcomes_of(world, root) == {1: "skipped", 2: "skipped", 3: "failed"}

    child = retried(world, root, {2: {"email": "bob@x.com"}}, ["skipped"])

    assert outcomes_of(world, child) == {1: "created", 2: "created"}
    assert world.stored_import(root).mended == 2


def test_a_row_stays_what_another_one_has_written(world: World) -> None:
    root = imported(world, DIRTY, duplicate_handling=DuplicateHandling.USE_FIRST)

    child = retried(world, root, {2: {"email": "fay@x.com"}, 4: {"email": "ann@x.com"}})

    assert codes_of(world, child)[2] == codes_of(world, child)[4] == ["duplicate_in_source"]
    assert facts_of(world, child, outcome="skipped") == {2: {"first": 6}, 4: {"first": 1}}


def test_a_row_that_was_mended_counts_as_one_of_the_source(world: World) -> None:
    root = imported(world, DIRTY, duplicate_handling=DuplicateHandling.USE_FIRST)
    retried(world, root, {2: {"email": "bob@x.com"}})

    child = retried(world, root, {4: {"email": "bob@x.com"}})

    assert outcomes_of(world, child) == {4: "skipped", 5: "failed"}


def test_a_value_that_a_mended_row_has_no_longer_is_free(world: World) -> None:
    source = b"name,email\nAnn,ann@x.com\nBob,ann@x.com\nCid,wrong\n"
    root = imported(world, source, duplicate_handling=DuplicateHandling.USE_FIRST)
    retried(world, root, {2: {"email": "bob@x.com"}}, ["skipped"])

    child = retried(world, root, {3: {"email": "bob@x.com"}})

    assert codes_of(world, child) == {3: ["duplicate_in_source"]}


def test_a_row_that_could_not_be_read_is_corrected_as_a_whole(world: World) -> None:
    root = imported(world, b"name,email,city\nAnn,ann@x.com\nBob\n\nCid,cid@x.com,Rome,x\n")
    assert codes_of(world, root)[3] == ["row_too_long"]

    child = retried(world, root, {3: {"email": "new@x.com", "name": "New"}})

    assert "city" not in next(one for one in records(world).values() if one["name"] == "New")
    assert outcomes_of(world, child)[3] == "created"


def test_a_row_that_could_not_be_read_fails_again_as_it_is(world: World) -> None:
    root = imported(world, DIRTY)

    child = retried(world, root)

    failed = rows_of(world, root, outcome="failed")
    assert codes_of(world, child) == {row.number: codes_of(world, root)[row.number] for row in failed}
    assert [row.given for row in rows_of(world, child)] == [row.given for row in failed]


def test_a_field_without_a_column_gets_one(world: World) -> None:
    root = imported(world, DIRTY, duplicate_handling=DuplicateHandling.USE_FIRST)

    child = retried(world, root, {2: {"email": "bob@x.com", "city": "Rome"}})

    assert [row.given for row in rows_of(world, child)] == [
        {"name": "Bob", "email": "bob@x.com", "phone": "", "city": "Rome"},
        {"name": "Dan", "email": "also wrong", "phone": "", "city": ""},
        {"name": "Eve", "email": "eve@x.com", "phone": "", "city": "", "column 5": "", "column 6": "too many"},
    ]
    assert next(one for one in records(world).values() if one["name"] == "Bob")["city"] == "Rome"


def test_null_clears_a_field(world: World) -> None:
    imported(world, b"name,email,city\nAnn,ann@x.com,Rome\n", "imp_before")
    root = imported(world, b"name,email,phone\nAnn,ann@x.com,none\n")

    retried(world, root, {1: {"phone": None, "city": None}})

    assert records(world).popitem()[1] == {"name": "Ann", "email": "ann@x.com", "first_name": "Ann"}


def test_json_rows_are_corrected_under_their_keys(world: World) -> None:
    source = b'[{"name": "Ann", "E-Mail": "wrong", "tags": ["a"]}, {"name": "Bob", "E-Mail": "bob@x.com"}, 7]'
    root = imported(world, source, column_mapping={"email": "E-Mail"})

    child = retried(
        world, root, {1: {"email": "ann@x.com", "tags": ["a", "b"]}, 3: {"name": "Cid", "email": "c@x.com"}}
    )

    assert outcomes_of(world, child) == {1: "created", 3: "created"}
    assert rows_of(world, child)[0].given == {"name": "Ann", "E-Mail": "ann@x.com", "tags": ["a", "b"]}
    assert next(one for one in records(world).values() if one["name"] == "Ann")["tags"] == ["a", "b"]


def test_a_json_row_with_a_key_that_feeds_no_field_is_corrected_as_a_whole(world: World) -> None:
    source = b'[{"name": "Ann", "email": "ann@x.com", "colour": "red", "city": "Rome"}]'
    root = imported(world, source, rules=RowRules(refuses_unknown_fields=True))
    assert codes_of(world, root) == {1: ["unknown_field"]}

    child = retried(world, root, {1: {"name": "Bea", "email": "bea@x.com"}})

    assert outcomes_of(world, child) == {1: "created"}
    [record] = records(world).values()
    assert (record["name"], "city" in record) == ("Bea", False)


def test_what_the_columns_proved_holds_on(world: World) -> None:
    source = b"name;amount\nA;1,5\nB;1.234\nC;wrong\nD;1.000,5\n"
    root = imported(world, source, resource="opportunities")
    assert codes_of(world, root)[3] == ["invalid_decimal"]

    child = retried(world, root, {3: {"amount": "2.345"}})

    assert outcomes_of(world, child) == {3: "created"}
    amounts = {one["name"]: one["amount"] for one in records(world, "opportunities").values()}
    assert amounts == {"A": "1.5", "B": "1234", "C": "2345", "D": "1000.5"}
    assert rows_of(world, child)[0].given == {"name": "C", "amount": "2.345"}


def test_a_number_is_a_number_whatever_the_column_proved(world: World) -> None:
    root = imported(world, b"name;amount\nA;1,5\nC;wrong\n", resource="opportunities")

    child = retried(world, root, {2: {"amount": 2.345}})

    assert {one["name"]: one["amount"] for one in records(world, "opportunities").values()} == {
        "A": "1.5",
        "C": "2.345",
    }
    assert rows_of(world, child)[0].given == {"name": "C", "amount": "2,345"}


def test_a_number_keeps_its_point_in_a_column_that_has_it(world: World) -> None:
    root = imported(world, b"name,amount\nA,1.5\nC,wrong\n", resource="opportunities")

    child = retried(world, root, {2: {"amount": 2.345}})

    assert rows_of(world, child)[0].given == {"name": "C", "amount": "2.345"}


def test_an_overwrite_that_is_tried_again_deletes_nothing(world: World) -> None:
    imported(world, b"name,email\nOld,old@x.com\n", "imp_before")
    root = imported(world, b"name,email\nAnn,ann@x.com\nBob,wrong\n,\n", action=Action.OVERWRITE)
    before = {str(one["name"]) for one in records(world).values()}

    child = retried(world, root, {2: {"email": "bob@x.com"}})

    assert (child.status, child.reason, child.stats.overwritten) == (Status.COMPLETED, None, 0)
    assert {str(one["name"]) for one in records(world).values()} == before | {"Bob"}


def test_corrections_have_limits() -> None:
    world = World(Limits(retry_corrections=1, import_retries=1))
    root = imported(world, DIRTY)

    with pytest.raises(Refused, match="At most 1 rows can be corrected at once; these are 2"):
        requested_again(world, root, {2: {}, 4: {}})
    retried(world, root, {2: {"email": "bob@x.com"}})
    with pytest.raises(Conflict, match="Rows of one import can be tried again 1 times"):
        requested_again(world, root)


def test_corrected_rows_lie_on_few_pages() -> None:
    rows = "".join(f"Person {n},wrong\n" for n in range(2_500))
    world = World(Limits(correction_pages=2))
    root = imported(world, f"name,email\n{rows}".encode())

    with pytest.raises(Refused, match="lie on more than 2 pages of 1000 rows"):
        requested_again(world, root, {1: {}, 1_001: {}, 2_001: {}})
    assert retried(world, root, {1: {"email": "a@x.com"}, 2_001: {"email": "b@x.com"}}).stats.created == 2


@pytest.mark.parametrize("world", [IN_ONE_TASK, IN_BATCHES], ids=["in one task", "in batches"], indirect=True)
def test_rows_that_are_gone_are_not_tried_again(world: World) -> None:
    root = imported(world, DIRTY)
    world.stores.files.delete_files(f"work/{root.tenant_id}/{root.import_id}/")

    with pytest.raises(Refused) as refusal:
        requested_again(world, root)

    assert refusal.value.code == "rows_expired"


@pytest.mark.parametrize("world", [IN_ONE_TASK, IN_BATCHES], ids=["in one task", "in batches"], indirect=True)
def test_a_retry_whose_rows_are_gone_before_it_begins_fails(world: World) -> None:
    root = imported(world, DIRTY)
    child = requested_again(world, root)
    world.stores.files.delete_files(f"work/{root.tenant_id}/{root.import_id}/")

    ended = run(world, child)

    assert (ended.status, ended.reason) == (Status.FAILED, "source_missing: the rows of the import are no longer kept")
    assert world.stored_import(root).busy_with is None


def test_numbers_of_a_workbook_stay_numbers_whatever_its_texts_prove(world: World) -> None:
    rows: list[list[object]] = [["name", "amount", "probability"], ["A", "1,5", 1], ["B", 1.234, "often"]]
    root = imported(world, workbook({"S": [*rows, ["C", "3.000,5", 2]]}), resource="opportunities")
    assert outcomes_of(world, root) == {1: "created", 2: "failed", 3: "created"}

    retried(world, root, {2: {"probability": 50}})

    amounts = {one["name"]: one["amount"] for one in records(world, "opportunities").values()}
    assert amounts == {"A": "1.5", "B": "1.234", "C": "3000.5"}


def test_rows_that_a_request_has_imported_by_itself_are_tried_again(world: World) -> None:
    connect_pipeline(world)
    wanted = ImportRequest(dialect="kasar", resource="contacts", action=Action.MERGE, save_upload=False)
    source = inline_source([{"name": "Ann", "email": "wrong"}, {"name": "Bob", "email": "bob@x.com", "notes": "x"}])
    root = run_import(world.context, world.caller(), wanted, source).import_
    assert (root.dialect, root.stats.failed, root.stats.created) == ("kasar", 1, 1)

    child = retried(world, root, {1: {"email": "ann@x.com"}})

    assert (outcomes_of(world, child), child.dialect) == ({1: "created"}, "kasar")
    assert world.stored_import(root).mended == 1


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"is_preview": True}, "not_retryable"),
        ({"undo_of": ImportId("imp_other")}, "not_retryable"),
        ({"reverted_by": ImportId("imp_other")}, "already_reverted"),
        ({"busy_with": ImportId("imp_other")}, "import_busy"),
    ],
)
def test_what_was_not_done_or_was_undone_is_not_tried_again(fields: dict[str, Any], code: str) -> None:
    world = World()
    root = world.add_import(Status.COMPLETED, **fields)

    with pytest.raises(Conflict) as refusal:
        requested_again(world, root)

    assert refusal.value.code == code


def test_rows_of_a_preview_are_previewed_again(world: World) -> None:
    root = imported(world, DIRTY, is_preview=True)

    child = retried(world, root, {2: {"email": "bob@x.com"}}, is_preview=True)

    assert (child.is_preview, outcomes_of(world, child)[2]) == (True, "created")
    assert records(world) == {}


def test_what_a_retry_has_done_that_was_deleted_is_not_known_any_more(world: World) -> None:
    root = imported(world, b"name,email\nAnn,wrong\nBob,wrong\n")
    first = retried(world, root, {1: {"email": "ann@x.com"}})
    delete(world.context, world.caller(), first.import_id)

    second = retried(world, root, {1: {"email": "ann@x.com"}, 2: {"email": "bob@x.com"}})

    assert second.stats.created + second.stats.unchanged == 2
    assert sorted(str(one["name"]) for one in records(world).values()) == ["Ann", "Bob"]


def test_where_no_row_is_left_nothing_is_tried_again(world: World) -> None:
    good = imported(world, b"name,email\nAnn,ann@x.com\n", "imp_good")
    root = imported(world, b"name,email\nBob,wrong\n")
    retried(world, root, {1: {"email": "bob@x.com"}})

    for import_ in (good, root):
        with pytest.raises(Conflict) as refusal:
            requested_again(world, import_)
        assert refusal.value.code == "nothing_to_retry"


def test_a_request_that_follows_one_that_broke_off_goes_on_with_its_retry(world: World) -> None:
    root = imported(world, DIRTY)
    world.context = replace(world.context, new_id=lambda prefix: f"{prefix}_same")

    first, second = (requested_again(world, root, {2: {"email": "bob@x.com"}}) for _ in range(2))

    assert first.import_id == second.import_id
    assert world.stored_import(root).retries == (first.import_id,)


@pytest.mark.parametrize(("rows", "told"), [(10, "16, 17"), (11, "16, 17 and 1 more")])
def test_so_many_rows_are_named(rows: int, told: str) -> None:
    world = World()
    root = imported(world, DIRTY)

    with pytest.raises(Refused) as refusal:
        requested_again(world, root, {number: {} for number in range(8, 8 + rows)})

    assert refusal.value.message.endswith(f"{told}.")
