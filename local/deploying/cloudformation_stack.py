"""One stack of CloudFormation: its change sets, their execution, its end.

Comes in: a client of CloudFormation and a stack's name. Goes out: what a change set would change, as data, and news of
resources while it is executed or deleted. Reasons for failures are CloudFormation's own words.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

Json = dict[str, Any]
Parameters = Mapping[str, str | None]
"""The value of each parameter; None for the one that the stack has."""

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
NOTHING_CHANGES = ("didn't contain changes", "No updates are to be performed")
"""What CloudFormation says of a change set that changes nothing, which it calls failed."""
UNDER_REVIEW = "REVIEW_IN_PROGRESS"
"""A stack that has had a change set, of which none was executed."""
NEVER_CREATED = "ROLLBACK_COMPLETE"
"""What a failed creation leaves: a stack of nothing, which can only be deleted."""
ROLLED_BACK = "UPDATE_ROLLBACK_COMPLETE"
"""What a failed update leaves: the stack as it was before."""
DEPLOYED = frozenset(["CREATE_COMPLETE", "UPDATE_COMPLETE"])
BEGINS = frozenset(["CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"])
"""Statuses of the stack itself with which an operation begins."""
CANCELLED = "cancelled"
"""A word in the reason of a resource that only failed because another one did."""


class DeployFailed(Exception):
    """Raised if CloudFormation refuses or rolls back; the message holds its reasons."""


@dataclass(frozen=True, slots=True)
class Change:
    """What would become of one resource."""

    action: str
    """Add, Modify or Remove."""
    logical_id: str
    type: str
    is_replaced: bool = False
    """Whether it would, or might, be made anew, and with it lose what it holds."""


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """A proposal that CloudFormation has worked out."""

    id: str
    changes: tuple[Change, ...]
    is_creation: bool


OnEvent = Callable[[Json], None]
"""Hears of each event of a resource, once, oldest first."""


class CloudFormationStack:
    """A stack by its name, over a client that is passed in. It is looked at every `look_every_s`, for at most
    `within_s`."""

    def __init__(self, client: Any, name: str, *, look_every_s: float = 2.0, within_s: float = 3600.0) -> None:
        self.name = name
        self._client = client
        self._look_every_s = look_every_s
        self._within_s = within_s

    def find(self) -> Json | None:
        """Returns the stack as CloudFormation describes it, or None if there is none."""
        try:
            described: Json = self._client.describe_stacks(StackName=self.name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        return None if described["StackStatus"] == "DELETE_COMPLETE" else described

    def find_outputs(self) -> dict[str, str] | None:
        """Returns the outputs of the stack, or None if there is none."""
        stack = self.find()
        return stack and {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])}

    def each_resource(self) -> Iterator[Json]:
        """Yields the resources as CloudFormation lists them, lazily."""
        for page in self._client.get_paginator("list_stack_resources").paginate(StackName=self.name):
            yield from page["StackResourceSummaries"]

    def resources(self) -> dict[str, str]:
        """Returns the physical ids of the resources by their logical ids."""
        return {one["LogicalResourceId"]: one.get("PhysicalResourceId", "") for one in self.each_resource()}

    def propose(self, template_url: str, parameters: Parameters) -> ChangeSet | None:
        """Returns what the template would change, or None if that is nothing. Raises DeployFailed where CloudFormation
        refuses it, or is busy with the stack.
        """
        is_creation = self._is_to_be_created()
        try:
            made = self._client.create_change_set(
                StackName=self.name,
                ChangeSetName=f"c{time.time_ns()}",
                ChangeSetType="CREATE" if is_creation else "UPDATE",
                Capabilities=CAPABILITIES,
                TemplateURL=template_url,
                Parameters=[_parameter(key, value) for key, value in parameters.items()],
            )
        except ClientError as error:
            raise DeployFailed(error.response["Error"]["Message"]) from None
        described = self._created(made["Id"])
        if described["Status"] == "FAILED":
            self._client.delete_change_set(ChangeSetName=made["Id"])
            if any(words in described.get("StatusReason", "") for words in NOTHING_CHANGES):
                return None
            raise DeployFailed(described.get("StatusReason", "The change set failed."))
        return ChangeSet(made["Id"], tuple(map(_to_change, self._each_change(made["Id"]))), is_creation)

    def withdraw(self, change_set: ChangeSet) -> None:
        """Deletes a change set that is not wanted, and the stack that only exists for it."""
        self._client.delete_change_set(ChangeSetName=change_set.id)
        if change_set.is_creation:
            self._client.delete_stack(StackName=self.name)

    def execute(self, change_set: ChangeSet, on_event: OnEvent = lambda _event: None) -> dict[str, str]:
        """Executes a change set to the end and returns the outputs. Raises DeployFailed."""
        latest = self._latest_event(self.name)
        self._client.execute_change_set(ChangeSetName=change_set.id)
        status = self._followed(self.name, latest, on_event)
        if status not in DEPLOYED:
            raise DeployFailed(f"{status}: {self._reasons(self.name)}")
        return self.find_outputs() or {}

    def delete(self, on_event: OnEvent = lambda _event: None) -> None:
        """Deletes the stack to the end; does nothing if there is none. Raises DeployFailed."""
        stack = self.find()
        if stack is None:
            return
        latest = self._latest_event(stack["StackId"])
        self._client.delete_stack(StackName=self.name)
        status = self._followed(stack["StackId"], latest, on_event)
        if status != "DELETE_COMPLETE":
            raise DeployFailed(f"{status}: {self._reasons(stack['StackId'])}")

    def _is_to_be_created(self) -> bool:
        stack = self.find()
        status = stack and stack["StackStatus"]
        if status == NEVER_CREATED:
            self.delete()
        elif status and status != UNDER_REVIEW and status.endswith("_IN_PROGRESS"):
            raise DeployFailed(f"CloudFormation is busy with the stack {self.name}: {status}. Try again later.")
        return status in {None, UNDER_REVIEW, NEVER_CREATED}

    def _created(self, change_set_id: str) -> Json:
        """Returns the change set once CloudFormation has worked it out."""
        for _ in self._each_look():
            described: Json = self._client.describe_change_set(ChangeSetName=change_set_id)
            if described["Status"] in {"CREATE_COMPLETE", "FAILED"}:
                return described
        raise DeployFailed(f"The change set was not worked out within {self._within_s:.0f} s.")

    def _each_change(self, change_set_id: str) -> Iterator[Json]:
        page: Json = self._client.describe_change_set(ChangeSetName=change_set_id)
        yield from page.get("Changes", [])
        while token := page.get("NextToken"):
            page = self._client.describe_change_set(ChangeSetName=change_set_id, NextToken=token)
            yield from page.get("Changes", [])

    def _followed(self, stack_id: str, latest: str, on_event: OnEvent) -> str:
        """Tells of events until the operation has ended that began after the latest one, and returns the stack's status
        then.
        """
        told: set[str] = set()
        for _ in self._each_look():
            status: str = self._client.describe_stacks(StackName=stack_id)["Stacks"][0]["StackStatus"]
            if self._latest_event(stack_id) == latest:
                continue
            for event in self._events(stack_id):
                if event["EventId"] not in told:
                    told.add(event["EventId"])
                    on_event(event)
            if not status.endswith("_IN_PROGRESS"):
                return status
        raise DeployFailed(f"CloudFormation is not done within {self._within_s:.0f} s; it goes on by itself.")

    def _latest_event(self, stack_id: str) -> str:
        return str(self._client.describe_stack_events(StackName=stack_id)["StackEvents"][0]["EventId"])

    def _events(self, stack_id: str) -> list[Json]:
        """Returns the events of resources since the last operation began, oldest first."""
        found: list[Json] = []
        for page in self._client.get_paginator("describe_stack_events").paginate(StackName=stack_id):
            for event in page["StackEvents"]:
                is_of_stack = event.get("PhysicalResourceId") == event["StackId"]
                if is_of_stack and event["ResourceStatus"] in BEGINS:
                    return found[::-1]
                if not is_of_stack:
                    found.append(event)
        return found[::-1]

    def _reasons(self, stack_id: str) -> str:
        failed = [event for event in self._events(stack_id) if event["ResourceStatus"].endswith("_FAILED")]
        causes = [event for event in failed if CANCELLED not in event.get("ResourceStatusReason", "")]
        return "; ".join(f"{one['LogicalResourceId']}: {one.get('ResourceStatusReason')}" for one in causes or failed)

    def _each_look(self) -> Iterator[None]:
        deadline = time.monotonic() + self._within_s
        while time.monotonic() < deadline:
            yield
            time.sleep(self._look_every_s)


def _parameter(key: str, value: str | None) -> Json:
    given = {"UsePreviousValue": True} if value is None else {"ParameterValue": value}
    return {"ParameterKey": key, **given}


def _to_change(described: Json) -> Change:
    one = described["ResourceChange"]
    is_replaced = one.get("Replacement", "False") in {"True", "Conditional"}
    return Change(one["Action"], one["LogicalResourceId"], one["ResourceType"], is_replaced)
