"""What may be said, and how a fault is named."""

from typing import Any, get_args

import pytest

from chalicelib.api.http.request_model import read_body, read_query
from chalicelib.api.packagex import ACTIONS, DUPLICATE_HANDLINGS, STATUSES, UPLOAD_MODES
from chalicelib.api.packagex.imports.data_url import LARGER
from chalicelib.api.packagex.imports.options import ActionWord, MergeRuleWord
from chalicelib.api.packagex.imports.requests import (
    PackageXImportQuery,
    PackageXImportRequest,
    PackageXImportsQuery,
    PackageXImportUpdate,
    StatusWord,
)
from chalicelib.api.packagex.records.requests import PackageXRecordsQuery
from chalicelib.errors import Refused
from chalicelib.imports.create import InlineSource, StatedUpload
from chalicelib.imports.request import ImportRequest
from chalicelib.model.imports import Action, DuplicateHandling, Status, UploadMode
from chalicelib.model.list_filters import ImportFilter
from chalicelib.model.notations import DateOrder, DecimalSign
from chalicelib.model.object_keys import ResultFile
from chalicelib.model.reading_options import ReadingOptions
from chalicelib.model.row_rules import MergeRule, RowRules
from chalicelib.records.service import RecordQuery

SYNC: dict[str, Any] = {"upload_mode": "sync", "resource": "contact", "action": "merge", "data": [{"name": "Ann"}]}
ASYNC: dict[str, Any] = {"upload_mode": "async", "resource": "contact", "action": "merge"}


def test_the_words_of_the_requests_are_the_dialects_words() -> None:
    fields = PackageXImportRequest.model_fields

    assert set(get_args(ActionWord)) == set(ACTIONS)
    assert set(get_args(StatusWord)) == set(STATUSES)
    assert set(get_args(MergeRuleWord)) == {*MergeRule}
    assert set(get_args(fields["upload_mode"].annotation)) == set(UPLOAD_MODES)
    assert {word for one in get_args(fields["duplicate_handling"].annotation) for word in get_args(one)} == {
        *DUPLICATE_HANDLINGS
    }


def test_everything_asked_for_reaches_the_core() -> None:
    body = ASYNC | {
        "action": "overwrite",
        "duplicate_handling": "use_first",
        "save_upload": False,
        "name": "Spring list",
        "location_id": "loc_1",
        "column_mapping": {"name": "Full Name"},
        "match_by": ["email", "id"],
        "create_missing": ["company_name"],
        "merge_rules": {"tags": "append"},
        "reading": {"format": "csv", "delimiter": ";", "null_marker": "NULL"},
        "filename": "spring.csv",
        "content_type": "text/csv",
        "size_bytes": 12,
    }

    asked = read_body(PackageXImportRequest, body)

    assert asked.is_async
    assert asked.to_stated_upload() == StatedUpload(content_type="text/csv", size_bytes=12)
    assert asked.to_request() == ImportRequest(
        dialect="packagex",
        resource="contact",
        action=Action.OVERWRITE,
        duplicate_handling=DuplicateHandling.USE_FIRST,
        name="Spring list",
        location_id="loc_1",
        column_mapping={"name": "Full Name"},
        reading=ReadingOptions(format="csv", delimiter=";", null_marker="NULL"),
        rules=RowRules(
            match_by=("email", "id"), merge_rules={"tags": MergeRule.APPEND}, create_missing=("company_name",)
        ),
        save_upload=False,
        filename="spring.csv",
    )


def test_defaults_are_the_documented_ones() -> None:
    wanted = read_body(PackageXImportRequest, SYNC).to_request()

    assert wanted == ImportRequest(dialect="packagex", resource="contact", action=Action.MERGE)
    assert (wanted.duplicate_handling, wanted.save_upload) == (DuplicateHandling.IGNORE_ALL, True)


def test_records_and_data_urls_are_understood() -> None:
    records = read_body(PackageXImportRequest, SYNC).to_inline(limit_bytes=100)
    url = read_body(PackageXImportRequest, SYNC | {"data": "data:text/csv;base64,bmFtZQo="}).to_inline(limit_bytes=100)

    assert records == InlineSource(content=b'[{"name":"Ann"}]', content_type="application/json", advice=LARGER)
    assert url == InlineSource(content=b"name\n", content_type="text/csv", advice=LARGER)


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        pytest.param({}, ["upload_mode: Required.", "resource: Required.", "action: Required."], id="empty"),
        pytest.param(SYNC | {"colour": "red"}, ["colour: Unknown parameter."], id="unknown"),
        pytest.param(
            SYNC | {"upload_mode": "later"}, ["upload_mode: Input should be 'sync' or 'async'."], id="no such mode"
        ),
        pytest.param(SYNC | {"resource": 7}, ["resource: Input should be a valid string."], id="a number for a name"),
        pytest.param(SYNC | {"save_upload": 1}, ["save_upload: Input should be a valid boolean."], id="1 for true"),
        pytest.param(
            SYNC | {"column_mapping": {"name": 1}},
            ["column_mapping.name: Input should be a valid string."],
            id="nested",
        ),
        pytest.param(SYNC | {"reading": {"tabs": 1}}, ["reading.tabs: Unknown parameter."], id="unknown option"),
        pytest.param(
            ASYNC | {"size_bytes": 0}, ["size_bytes: Input should be greater than 0."], id="a size of nothing"
        ),
    ],
)
def test_every_fault_of_a_body_is_named(body: object, errors: list[str]) -> None:
    with pytest.raises(Refused) as refusal:
        read_body(PackageXImportRequest, body)

    assert refusal.value.code == "invalid_parameter"
    assert refusal.value.details["errors"] == errors


@pytest.mark.parametrize("body", [[], "text", None, 7])
def test_a_body_is_an_object(body: object) -> None:
    with pytest.raises(Refused) as refusal:
        read_body(PackageXImportRequest, body)

    assert refusal.value.code == "invalid_json"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"decimal": "comma"}, {"decimal": DecimalSign.COMMA}),
        ({"decimal": "point"}, {"decimal": DecimalSign.POINT}),
        ({"decimal": ","}, {"decimal": DecimalSign.COMMA}),
        ({"decimal": "."}, {"decimal": DecimalSign.POINT}),
        ({"date_order": "day_first"}, {"date_order": DateOrder.DAY_FIRST}),
        ({"time_zone": "Europe/Berlin"}, {"time_zone": "Europe/Berlin"}),
        ({"list_separator": "\n"}, {"list_separator": "\n"}),
        ({"true_words": ["x"], "false_words": ["-", "o"]}, {"true_words": ("x",), "false_words": ("-", "o")}),
    ],
)
def test_stated_notations_reach_the_core(said: dict[str, Any], meant: dict[str, Any]) -> None:
    assert read_body(PackageXImportRequest, SYNC | {"reading": said}).to_request().reading == ReadingOptions(**meant)


@pytest.mark.parametrize("data", [None, [], {"name": "Ann"}, 7, "name,email"])
def test_sync_needs_data_it_can_read(data: object) -> None:
    with pytest.raises(Refused) as refusal:
        read_body(PackageXImportRequest, SYNC | {"data": data}).to_inline(limit_bytes=100)

    assert (refusal.value.code, refusal.value.param) == ("invalid_parameter", "data")


def test_async_takes_no_data() -> None:
    with pytest.raises(Refused) as refusal:
        read_body(PackageXImportRequest, ASYNC | {"data": []}).to_stated_upload()

    assert refusal.value.param == "data"


@pytest.mark.parametrize(("name", "value"), [("content_type", "text/csv"), ("size_bytes", 5)])
def test_what_is_signed_belongs_to_async_only(name: str, value: object) -> None:
    with pytest.raises(Refused) as refusal:
        read_body(PackageXImportRequest, SYNC | {name: value}).to_inline(limit_bytes=100)

    assert refusal.value.param == name


@pytest.mark.parametrize(
    ("body", "is_canceling", "is_renaming"),
    [({"status": "canceled"}, True, False), ({"name": None}, False, True), ({"name": "abc"}, False, True)],
)
def test_an_update_cancels_or_renames(body: object, is_canceling: bool, is_renaming: bool) -> None:
    asked = read_body(PackageXImportUpdate, body).validated()

    assert (asked.is_canceling, asked.is_renaming) == (is_canceling, is_renaming)


@pytest.mark.parametrize(
    "body", [{}, {"status": None}, {"status": "completed"}, {"action": None}, {"status": "canceled", "preview": True}]
)
def test_an_update_of_anything_else_is_refused(body: object) -> None:
    with pytest.raises(Refused):
        read_body(PackageXImportUpdate, body).validated()


def test_options_may_be_stated_anew_and_the_import_let_go_with_them() -> None:
    asked = read_body(PackageXImportUpdate, {"status": "queued", "name": "abc", "action": "update", "match_by": None})

    assert asked.validated().is_queueing
    assert asked.to_options() == {"action": Action.UPDATE, "match_by": ()}


def test_a_page_of_a_list_has_ten_entries_by_default() -> None:
    asked = read_query(PackageXImportsQuery, {})

    assert (asked.page, asked.limit, asked.to_filter()) == (1, 10, ImportFilter())


def test_filters_are_understood_in_the_dialects_words() -> None:
    asked = {"resource": "contact", "status": "failed", "upload_mode": "sync", "action": "merge"}

    assert read_query(PackageXImportsQuery, asked).to_filter() == ImportFilter(
        resources=frozenset({"contacts"}),
        statuses=frozenset({Status.FAILED, Status.CANCELED}),
        upload_modes=frozenset({UploadMode.SYNC}),
        actions=frozenset({Action.MERGE}),
    )


@pytest.mark.parametrize(
    "query",
    [{"page": "0"}, {"limit": "0"}, {"limit": "101"}, {"page": "one"}, {"status": "canceled"}, {"statuses": "failed"}],
)
def test_a_bad_query_is_refused_by_name(query: dict[str, str]) -> None:
    with pytest.raises(Refused) as refusal:
        read_query(PackageXImportsQuery, query)

    assert refusal.value.param == next(iter(query))


def test_an_unknown_resource_selects_nothing_silently() -> None:
    with pytest.raises(Refused) as refusal:
        read_query(PackageXImportsQuery, {"resource": "spaceship"}).to_filter()

    assert refusal.value.code == "unknown_resource"


def test_links_are_added_where_they_are_asked_for() -> None:
    query = {"include_upload_csv": "true", "include_errors_json": "1", "include_errors_csv": "false"}

    assert read_query(PackageXImportQuery, query).to_files() == [ResultFile.UPLOAD_CSV, ResultFile.ERRORS_JSON]


def test_records_are_filtered_by_every_other_parameter() -> None:
    query = {"limit": "5", "cursor": "abc", "email": "ann@example.com"}

    assert read_query(PackageXRecordsQuery, query).to_query() == RecordQuery(
        limit=5, cursor="abc", filters={"email": "ann@example.com"}
    )
