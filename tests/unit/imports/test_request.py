"""What is checked of a wanted import before anything is written."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.errors import Refused
from chalicelib.imports.request import ImportRequest, checked_resource
from chalicelib.model.imports import Action
from chalicelib.model.reading_options import ReadingOptions
from chalicelib.model.row_rules import MergeRule, RowRules


def stated(**given: Any) -> ReadingOptions:
    return ReadingOptions(**given)


def matched(*match_by: str) -> RowRules:
    return RowRules(match_by=match_by)


def merged(field: str, rule: str = "never") -> RowRules:
    return RowRules(merge_rules={field: MergeRule(rule)})


def creating(*fields: str) -> RowRules:
    return RowRules(create_missing=fields)


WANTED = ImportRequest(dialect="packagex", resource="contact", action=Action.MERGE)


@pytest.mark.parametrize(
    ("given", "code", "param"),
    [
        pytest.param({"resource": "spaceship"}, "unknown_resource", "resource", id="no such resource"),
        pytest.param({"name": "ab"}, "invalid_parameter", "name", id="name too short"),
        pytest.param({"name": " a  "}, "invalid_parameter", "name", id="name of spaces"),
        pytest.param({"name": "a" * 128}, "invalid_parameter", "name", id="name too long"),
        pytest.param({"name": "abc\ud800"}, "invalid_parameter", "name", id="lone surrogate"),
        pytest.param({"name": "abc\x00"}, "invalid_parameter", "name", id="control character"),
        pytest.param({"location_id": ""}, "invalid_parameter", "location_id", id="empty location"),
        pytest.param(
            {"resource": "users", "location_id": "loc_1"}, "invalid_parameter", "location_id", id="resource without one"
        ),
        pytest.param(
            {"column_mapping": {"nonsense": "A"}}, "invalid_column_mapping", "column_mapping", id="unknown field"
        ),
        pytest.param(
            {"column_mapping": {"created_at": "A"}}, "invalid_column_mapping", "column_mapping", id="computed field"
        ),
        pytest.param({"column_mapping": {"name": " "}}, "invalid_column_mapping", "column_mapping", id="blank header"),
        pytest.param(
            {"column_mapping": {"name": "A", "email": "A "}},
            "invalid_column_mapping",
            "column_mapping",
            id="header twice",
        ),
        pytest.param({"rules": matched("phone")}, "invalid_parameter", "match_by", id="identity that many may have"),
        pytest.param({"rules": matched("sku")}, "invalid_parameter", "match_by", id="identity of others"),
        pytest.param({"rules": matched("id", "id")}, "invalid_parameter", "match_by", id="identity twice"),
        pytest.param({"rules": merged("shoe")}, "invalid_parameter", "merge_rules", id="rule of no field"),
        pytest.param(
            {"rules": merged("created_at")}, "invalid_parameter", "merge_rules", id="rule of a computed field"
        ),
        pytest.param({"rules": merged("email", "append")}, "invalid_parameter", "merge_rules", id="growing identity"),
        pytest.param({"rules": merged("tags", "merge")}, "invalid_parameter", "merge_rules", id="rule of another type"),
        *(
            pytest.param(
                {"rules": merged("tags"), "action": action}, "invalid_parameter", "merge_rules", id=f"rule of {action}"
            )
            for action in (Action.CREATE, Action.DELETE)
        ),
        pytest.param({"rules": creating("groups")}, "invalid_parameter", "create_missing", id="field of no records"),
        pytest.param(
            {"rules": creating("customerId"), "resource": "ticket"},
            "invalid_parameter",
            "create_missing",
            id="reference that creates nothing",
        ),
        pytest.param(
            {"rules": creating("company_name", "company_name"), "resource": "contact"},
            "invalid_parameter",
            "create_missing",
            id="field twice",
        ),
        pytest.param({"filename": "a\nb.csv"}, "invalid_parameter", "filename", id="line end in file name"),
        pytest.param({"reading": ReadingOptions(format="pdf")}, "invalid_option", "format", id="format"),
        pytest.param({"reading": ReadingOptions(delimiter=";;")}, "invalid_option", "delimiter", id="delimiter"),
        pytest.param({"reading": ReadingOptions(quote="''")}, "invalid_option", "quote", id="quote"),
        pytest.param({"reading": ReadingOptions(encoding="zip")}, "unsupported_encoding", "encoding", id="encoding"),
        pytest.param({"reading": ReadingOptions(sheet="a\x07")}, "invalid_parameter", "sheet", id="sheet"),
        pytest.param({"reading": stated(decimal="semicolon")}, "invalid_option", "decimal", id="decimal"),
        pytest.param({"reading": stated(date_order="year_first")}, "invalid_option", "date_order", id="date order"),
        pytest.param({"reading": stated(date_order="DMY")}, "invalid_option", "date_order", id="date order in letters"),
        pytest.param({"reading": stated(time_zone="Europe/Berlim")}, "invalid_option", "time_zone", id="no such zone"),
        pytest.param({"reading": stated(time_zone="../etc")}, "invalid_option", "time_zone", id="path for a zone"),
        pytest.param({"reading": stated(time_zone="+01:00")}, "invalid_option", "time_zone", id="offset for a zone"),
        pytest.param({"reading": stated(time_zone="")}, "invalid_option", "time_zone", id="empty zone"),
        pytest.param({"reading": stated(list_separator="")}, "invalid_option", "list_separator", id="no separator"),
        pytest.param({"reading": stated(list_separator="||")}, "invalid_option", "list_separator", id="two characters"),
        pytest.param({"reading": stated(list_separator="a")}, "invalid_option", "list_separator", id="letter"),
        pytest.param({"reading": stated(list_separator="7")}, "invalid_option", "list_separator", id="digit"),
        pytest.param({"reading": stated(list_separator='"')}, "invalid_option", "list_separator", id="quote"),
        pytest.param({"reading": stated(list_separator="\u200b")}, "invalid_option", "list_separator", id="invisible"),
        pytest.param({"reading": stated(true_words=("",))}, "invalid_option", "true_words", id="empty word"),
        pytest.param({"reading": stated(false_words=("\u200b ",))}, "invalid_option", "false_words", id="unseen word"),
        pytest.param(
            {"reading": stated(true_words=("a\n",))}, "invalid_parameter", "true_words", id="line end in word"
        ),
        pytest.param(
            {"reading": stated(true_words=("x", "Да"), false_words=("да",))}, "invalid_option", "false_words", id="both"
        ),
        pytest.param(
            {"reading": stated(true_words=tuple(map(str, range(51))))}, "invalid_option", "true_words", id="many words"
        ),
    ],
)
def test_what_is_wrong_is_refused_by_name(given: dict[str, Any], code: str, param: str) -> None:
    with pytest.raises(Refused) as refusal:
        checked_resource(replace(WANTED, **given))

    assert (refusal.value.code, refusal.value.param) == (code, param)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"resource": "contacts"}, id="plural"),
        pytest.param({"name": "abc"}, id="shortest name"),
        pytest.param({"name": "ä" * 127}, id="longest name"),
        pytest.param({"location_id": "Head Office"}, id="location"),
        pytest.param({"column_mapping": {"name": "Full Name", "email": "E-Mail"}}, id="mapping"),
        pytest.param({"rules": creating("company_name")}, id="records that are named"),
        pytest.param({"rules": merged("tags", "append")}, id="rule"),
        pytest.param({"rules": merged("email"), "action": Action.UPDATE}, id="rule of an identity"),
        pytest.param({"rules": matched("email", "id")}, id="identities in an order of their own"),
        pytest.param({"reading": ReadingOptions(format="csv", delimiter=";", encoding="cp1252")}, id="reading"),
        pytest.param({"reading": stated(decimal="comma", date_order="day_first")}, id="notation"),
        pytest.param({"reading": stated(time_zone="America/Argentina/Buenos_Aires")}, id="time zone"),
        *(pytest.param({"reading": stated(list_separator=one)}, id=f"separator {one!r}") for one in ",;|/\n\t ^·、"),
        pytest.param({"reading": stated(true_words=("x", "si"), false_words=("-", "да"))}, id="words"),
        pytest.param({"reading": stated(true_words=tuple(map(str, range(50))))}, id="most words"),
    ],
)
def test_what_is_right_passes(given: dict[str, Any]) -> None:
    assert checked_resource(replace(WANTED, **given)).name == "contacts"
