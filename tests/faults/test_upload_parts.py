"""A process that crashes at any call while an import in parts is created or its parts become a file: who asks again is
answered, and the rows are imported once. A caller who never asks again is helped by the event about the file.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.imports.uploads import receive_file
from chalicelib.model.imports import Import
from chalicelib.model.limits import Limits
from chalicelib.stores.memory.files import MemoryFiles
from tests.contract.packagex.clients import PackageXClient
from tests.contract.repeating import Died
from tests.faults.recorder import Call, CallRecorder, Intercept
from tests.import_world import run_import
from tests.real_pipeline import connect_pipeline
from tests.world import OURS, World

CSV = b"name,email\nAnn,ann@example.com\n"
ASKED = {"upload_mode": "async", "resource": "contact", "action": "create", "size_bytes": len(CSV), "parts": True}
HEADERS = {"Content-Type": "application/json", "Idempotency-Key": "one"}
LATER_S = 15 * 60 + 11
"""Longer than any process lives."""


class PartedUpload:
    """A caller who sends a file in parts to a service whose process may die."""

    def __init__(self, intercept: Intercept) -> None:
        self.world = World(Limits(upload_part_bytes=10))
        assert isinstance(self.world.stores.files, MemoryFiles)
        self.files = self.world.stores.files
        self.world.stores = CallRecorder(self.world.stores, intercept).stores
        self.world.context = replace(self.world.context, stores=self.world.stores)
        self.machine = connect_pipeline(self.world)
        self.client = PackageXClient(self.world)

    def create(self) -> Any:
        """Asks for the import under one key, and returns the answer."""
        body = json.dumps(ASKED).encode()
        return self.client.request("POST", "/v1/imports", body=body, headers=HEADERS)

    def send(self) -> None:
        """Sends every part."""
        source = self.stored.source
        assert source is not None
        for part in self.client.get(f"{self._path}?parts=1-9").json_body["data"]["_upload_parts"]:
            content = CSV[part["from"] : part["to"]]
            self.files.write_part(source.key, source.upload_id, part["number"], content)

    def finish(self) -> Any:
        """Says that all parts were sent, and returns the answer."""
        return self.client.post(self._path, {"status": "uploaded"})

    @property
    def stored(self) -> Import:
        """The one import that there is."""
        [import_] = self.world.stores.imports.list_page(OURS, page=1, per_page=9).entries
        return import_

    @property
    def _path(self) -> str:
        return f"/v1/imports/{self.stored.import_id}"


class Fault:
    """Ends the process at the call of a number, once it is armed."""

    def __init__(self, number: int, *, is_done: bool) -> None:
        self.left, self.is_done, self.is_armed = number, is_done, False
        self.calls = 0

    def __call__(self, call: Call) -> Any:
        if not self.is_armed:
            return call.perform()
        self.calls += 1
        self.left -= 1
        if self.left != -1:
            return call.perform()
        if self.is_done:
            call.perform()
        raise Died


def run(fault: Fault, step: str) -> PartedUpload:
    """Goes all the way, with the fault in the step of this name."""
    upload = PartedUpload(fault)
    for name in ("create", "send", "finish"):
        fault.is_armed = name == step
        with suppress(Died):
            getattr(upload, name)()
        if fault.is_armed and fault.left < 0 and name == "create":
            fault.is_armed = False
            upload.world.now += LATER_S
            assert upload.create().status_code == 201
        fault.is_armed = False
    return upload


def each_case(step: str) -> Iterator[Any]:
    calm = Fault(10_000, is_done=False)
    run(calm, step)
    for number in range(calm.calls):
        for is_done in (False, True):
            yield pytest.param(number, is_done, id=f"{step}, {'after' if is_done else 'before'} call {number}")


def assert_imported_once(upload: PartedUpload) -> None:
    import_ = upload.stored
    run_import(upload.machine, import_)
    assert upload.stored.stats.created == 1
    assert import_.source is not None
    assert len(upload.files.list_versions(import_.source.key)) == 1


@pytest.mark.parametrize(("number", "is_done"), list(each_case("create")))
def test_an_import_in_parts_is_created_once(number: int, is_done: bool) -> None:
    assert_imported_once(run(Fault(number, is_done=is_done), "create"))


@pytest.mark.parametrize(("number", "is_done"), list(each_case("finish")))
def test_who_says_again_that_all_was_sent_is_answered(number: int, is_done: bool) -> None:
    upload = run(Fault(number, is_done=is_done), "finish")

    assert upload.finish().status_code == 200
    assert_imported_once(upload)


@pytest.mark.parametrize(("number", "is_done"), list(each_case("finish")))
def test_the_event_about_the_file_is_enough(number: int, is_done: bool) -> None:
    upload = run(Fault(number, is_done=is_done), "finish")
    source = upload.stored.source
    assert source is not None
    file = upload.files.find_file(source.key)
    if file is None:
        assert upload.finish().status_code == 200
        file = upload.files.find_file(source.key)
    assert file is not None

    receive_file(upload.world.context, file.key, file.version_id)

    assert_imported_once(upload)
