"""A job stands in the list of its facets, and is counted there, from the same transaction on."""

from typing import Any, cast

from chalicelib.model.imports import Import, Status
from chalicelib.model.list_filters import ImportFacets
from chalicelib.model.retention import DAY_S
from chalicelib.stores.dynamodb.control_table import ControlTable
from chalicelib.stores.dynamodb.item_changes import Along, ItemChange, SameAs
from chalicelib.stores.dynamodb.job_lists import JobLists
from tests.world import OURS, an_import

AT = 3 * DAY_S + 3_600


class Written:
    """A control table that keeps what is written, and performs it all."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.along = Along()

    def put_along(self, values: dict[str, Any], along: Along, **_: Any) -> bool:
        self.values, self.along = values, along
        return True

    def set_along(self, change: ItemChange, along: Along) -> bool:
        self.values, self.along = dict(change.values), along
        return True


def lists_over(table: Written) -> JobLists[Import]:
    return JobLists(cast(ControlTable, table), "IMPORTS", 9 * DAY_S, ImportFacets.of, lambda _: None)


def counted(table: Written) -> list[tuple[str, dict[str, int]]]:
    return [(one.sk, dict(one.by)) for one in table.along.counters]


def test_a_new_import_is_listed_and_counted_by_its_facets() -> None:
    table = Written()

    assert lists_over(table).add(an_import(Status.QUEUED, created_at=AT), "IMPORT#a", {"status": "queued"}, now=AT)

    assert table.values["list_pk"] == f"IMPORTS#{OURS}#contacts#queued#async#merge"
    assert counted(table) == [
        ("000003", {"count#contacts#queued#async#merge": 1}),
        ("000003.01", {"count#contacts#queued#async#merge": 1}),
    ]
    assert table.values["expires_at"] is None


def test_an_import_that_is_added_when_it_has_ended_expires() -> None:
    table = Written()

    lists_over(table).add(an_import(Status.FAILED, created_at=AT), "IMPORT#a", {"status": "failed"}, now=AT)

    assert table.values["expires_at"] == table.values["kept_until"] == 13 * DAY_S


def test_a_change_of_the_status_moves_the_import_and_ends_its_stay() -> None:
    table, before, after = Written(), *(an_import(one, created_at=AT) for one in (Status.PROCESSING, Status.FAILED))

    lists_over(table).change(before, after, ItemChange("IMPORT#a", {"status": "failed"}, "#a = :a", {}), Along())

    assert table.values["list_pk"] == f"IMPORTS#{OURS}#contacts#failed#async#merge"
    assert table.values["expires_at"] == SameAs("kept_until")
    assert counted(table)[0] == (
        "000003",
        {"count#contacts#failed#async#merge": 1, "count#contacts#processing#async#merge": -1},
    )


def test_a_removed_import_is_counted_off_where_it_stood() -> None:
    table = Written()

    lists_over(table).remove(an_import(Status.FAILED, created_at=AT), "IMPORT#a", now=AT, condition="", parameters={})

    assert "list_pk" not in table.values
    assert counted(table)[0] == ("000003", {"count#contacts#failed#async#merge": -1})
