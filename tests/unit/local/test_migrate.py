import boto3
import pytest
from moto import mock_aws

from chalicelib.stores.dynamodb.attributes import ItemValues, to_attributes
from local.deployed_stack import DeployedStack
from local.migrate import Migrated, each_job, each_line, migrate, pacer, read_arguments
from tests.contract.stores.resources import create_resources

LISTED, UNLISTED, BROKEN = {"pk": "IMPORT#t#1"}, {"pk": "IMPORT#t#2"}, {"pk": "EXPORT#t#3"}


class FakeJobs:
    """Knows which items are listed; those that it is told of have changed since they were read."""

    def __init__(self, changed: tuple[ItemValues, ...] = ()) -> None:
        self.changed = changed
        self.enlisted: list[ItemValues] = []

    def is_unlisted(self, stored: ItemValues) -> bool:
        if stored is BROKEN:
            raise ValueError("no such status")
        return stored is UNLISTED and stored not in self.enlisted

    def enlist(self, stored: ItemValues) -> bool:
        self.enlisted += [] if stored in self.changed else [stored]
        return stored not in self.changed


def both(jobs: FakeJobs) -> dict[str, FakeJobs]:
    return {"IMPORT": jobs, "EXPORT": jobs}


class FakeClock:
    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


def test_what_a_request_has_kept_of_an_import_is_read_as_the_stores_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    stored = {"pk": "IMPORT#t#1", "sk": "-", "status": "failed", "work": b"x\x9c"}
    with mock_aws():
        session = boto3.Session(region_name="us-east-1")
        resources = create_resources(session)
        session.client("dynamodb").put_item(
            TableName=resources.control_table, Item={**to_attributes(stored), "work": {"B": stored["work"]}}
        )

        found = [*each_job(DeployedStack("sluice", session, {"ControlTableName": resources.control_table}))]

    assert found == [stored]


def test_without_being_told_to_nothing_is_changed() -> None:
    jobs = FakeJobs()

    found = migrate([LISTED, UNLISTED, BROKEN], both(jobs), None)

    assert jobs.enlisted == []
    assert found == Migrated(seen=3, unlisted=1, listed=0, unreadable=["EXPORT#t#3: no such status"])
    assert [*each_line(found, is_applied=False)] == [
        "3 imports and exports, of which 1 stand in no list.",
        "Nothing was changed: --apply does it.",
        "1 cannot be read by this code, and were left alone:",
        "  EXPORT#t#3: no such status",
    ]


def test_what_is_unlisted_is_listed_once_however_often_the_command_is_made() -> None:
    jobs, waits = FakeJobs(), []

    first = migrate([LISTED, UNLISTED], both(jobs), lambda: waits.append(1))
    second = migrate([LISTED, UNLISTED], both(jobs), lambda: waits.append(1))

    assert (first.listed, second.unlisted, jobs.enlisted, waits) == (1, 0, [UNLISTED], [1])
    assert [*each_line(first, is_applied=True)][1] == "1 of them are listed and counted now."


def test_what_somebody_changes_meanwhile_is_left_for_the_next_time() -> None:
    found = migrate([UNLISTED], both(FakeJobs(changed=(UNLISTED,))), lambda: None)

    assert (found.unlisted, found.listed) == (1, 0)
    assert [*each_line(found, is_applied=True)][-1] == "Some changed while they were read: make the same command again."


def test_changes_come_no_faster_than_was_asked() -> None:
    clock = FakeClock()
    wait = pacer(4, lambda: clock.now, clock.sleep)

    for _ in range(3):
        wait()
    clock.now += 10
    wait()

    assert clock.waits == pytest.approx([0, 0.25, 0.25, 0])


def test_it_is_only_said_unless_it_is_asked_for() -> None:
    assert not read_arguments([]).apply
    assert read_arguments(["--stack", "sluice", "--apply"]).apply
