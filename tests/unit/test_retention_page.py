"""What docs/retention.md says is so: its rules and numbers are those of the template and of the limits."""

from typing import Any

import pytest
import yaml

from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.stores.dynamodb.access import COUNTER_KEPT_S
from chalicelib.stores.dynamodb.deliveries import KEPT_S as DELIVERIES_KEPT_S
from chalicelib.stores.dynamodb.task_results import KEPT_S as TASK_RESULTS_KEPT_S
from local.paths import ROOT

PAGE = (ROOT / "docs" / "retention.md").read_text()
DAY_S = 24 * 3600
QUEUED_DAYS = 14
"""The longest that SQS keeps a message (AWS)."""


class Loader(yaml.SafeLoader):
    """Reads a function of CloudFormation as its argument: `!Ref Name` is the name."""


def argument(loader: yaml.SafeLoader, _suffix: str, node: yaml.Node) -> Any:
    match node:
        case yaml.ScalarNode():
            return node.value
        case yaml.SequenceNode():
            return loader.construct_sequence(node, deep=True)
        case yaml.MappingNode():
            return loader.construct_mapping(node, deep=True)


Loader.add_multi_constructor("!", argument)

TEMPLATE = yaml.load((ROOT / "template.yaml").read_text(), Loader)  # noqa: S506 - it makes plain values only
RULES = {one["Id"]: one for one in TEMPLATE["Resources"]["Bucket"]["Properties"]["LifecycleConfiguration"]["Rules"]}


def row_of(*cells: str) -> str:
    """Returns the last cell of the page's row that begins with these."""
    (line,) = [line for line in PAGE.splitlines() if line.startswith(f"| {' | '.join(cells)} |")]
    return line.split("|")[-2].strip()


@pytest.mark.parametrize("rule", [one for one in RULES.values() if "Prefix" in one], ids=lambda one: str(one["Id"]))
def test_every_prefix_is_kept_as_the_page_says(rule: dict[str, Any]) -> None:
    kept, said = rule["ExpirationInDays"], row_of(f"`{rule['Prefix']}`")
    if isinstance(kept, str):
        parameter = TEMPLATE["Parameters"][kept]
        bounds = f"{parameter['MinValue']} at least"
        bounds += f", {parameter['MaxValue']} at most" if "MaxValue" in parameter else ""
        assert said == f"{parameter['Default']} days, parameter `{kept}`, {bounds}"
    else:
        assert said.startswith(f"{kept} days")


def test_every_prefix_that_functions_write_under_has_a_rule() -> None:
    assert {one.get("Prefix") for one in RULES.values()} - {None} == {
        f"{one}/" for one in ("uploads", "drop", "work", "before", "results", "deliveries")
    }


def test_old_versions_and_markers_without_an_object_and_parts_go() -> None:
    old, parts = RULES["old-versions"], RULES["abandoned-parts"]
    assert old["NoncurrentVersionExpiration"] == {"NoncurrentDays": 16}
    assert old["ExpiredObjectDeleteMarker"] is True
    assert parts["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": "AbandonedPartsDays"}
    assert all(one["Status"] == "Enabled" for one in RULES.values())


def test_parts_that_nobody_completed_are_kept_as_the_page_says() -> None:
    days = TEMPLATE["Parameters"]["AbandonedPartsDays"]["Default"]

    assert row_of("any", "parts of uploads that were never completed") == f"{days} day, parameter `AbandonedPartsDays`"


@pytest.mark.parametrize("name", ["UploadRetentionDays", "DropRetentionDays"])
def test_no_parameter_can_take_a_file_away_that_an_import_still_waits_to_read(name: str) -> None:
    waits_s = DEFAULT_LIMITS.upload_window_s + DEFAULT_LIMITS.import_time_s + QUEUED_DAYS * DAY_S

    assert TEMPLATE["Parameters"][name]["MinValue"] * DAY_S >= waits_s


def test_what_an_undo_needs_outlives_it_by_two_days() -> None:
    assert RULES["before"]["ExpirationInDays"] == DEFAULT_LIMITS.undo_days + 2
    assert RULES["work"]["ExpirationInDays"] > DEFAULT_LIMITS.undo_days + 2


def test_work_outlives_the_list_of_an_imports_rows() -> None:
    assert RULES["work"]["ExpirationInDays"] * DAY_S > DEFAULT_LIMITS.talkdesk_history_s


def test_imports_and_exports_are_kept_as_the_page_says() -> None:
    days, parameter = DEFAULT_LIMITS.job_retention_s // DAY_S, TEMPLATE["Parameters"]["RetentionDays"]
    said = row_of("imports and exports that have ended, with findings and counts")

    assert said.startswith(f"{days} days ")
    assert said.endswith(f"parameter `RetentionDays`, {parameter['MinValue']} at least")
    assert parameter["Default"] == days
    assert TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]["SLUICE_RETENTION_DAYS"] == "RetentionDays"


@pytest.mark.parametrize(
    ("row", "kept_s"),
    [
        ("results of tasks", TASK_RESULTS_KEPT_S),
        ("deliveries of webhooks", DELIVERIES_KEPT_S),
        ("events in the log", DEFAULT_LIMITS.event_log_s),
        ("counters of requests", COUNTER_KEPT_S),
        ("runs of schedules", DEFAULT_LIMITS.schedule_history_s),
    ],
)
def test_what_belongs_to_them_is_kept_as_the_page_says(row: str, kept_s: int) -> None:
    assert row_of(row).startswith(f"{kept_s // DAY_S} days")


def test_a_dropped_file_is_gone_before_its_import_is() -> None:
    """Versions that a lifecycle rule has made old live for a week, and S3 is days late."""
    parameters = TEMPLATE["Parameters"]

    assert parameters["RetentionDays"]["MinValue"] >= parameters["DropRetentionDays"]["MaxValue"] + 7 + 3


def test_expired_items_are_deleted_by_the_attribute_that_stores_write() -> None:
    assert TEMPLATE["Resources"]["ControlTable"]["Properties"]["TimeToLiveSpecification"] == {
        "AttributeName": "expires_at",
        "Enabled": True,
    }
