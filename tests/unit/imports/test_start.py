"""A file that comes along with the request is stored like an upload, and the machine is started."""

from dataclasses import replace

import pytest

from chalicelib.errors import Refused, Retryable
from chalicelib.imports.create import InlineSource
from chalicelib.imports.request import ImportRequest
from chalicelib.imports.uploads import receive_file, start_import
from chalicelib.model.imports import Action, Import, Status, UploadMode
from chalicelib.model.limits import Limits
from chalicelib.model.reading_options import ReadingOptions
from chalicelib.model.row_rules import RowRules
from chalicelib.stores.memory import MemoryImportExecutions
from tests.world import OURS, World

RULES = RowRules(header=("Name", "E-Mail"), max_rows=2)
WANTED = ImportRequest(
    dialect="talkdesk",
    resource="users",
    action=Action.CREATE,
    reading=ReadingOptions(format="csv", delimiter=","),
    rules=RULES,
    filename="users.csv",
)
CONTENT = b"Name,E-Mail\nAnn,ann@example.com\n"


class Unreachable(MemoryImportExecutions):
    def start(self, import_: Import) -> None:
        raise Retryable("throttled")


def start(world: World, content: bytes = CONTENT, wanted: ImportRequest = WANTED) -> Import:
    return start_import(world.context, world.caller(), wanted, InlineSource(content=content, content_type="text/csv"))


def test_the_import_is_queued_with_its_file_and_the_machine_started() -> None:
    world = World()

    import_ = start(world)

    assert (import_.status, import_.upload_mode) == (Status.QUEUED, UploadMode.ASYNC)
    assert import_.source is not None
    assert (import_.source.filename, import_.source.size_bytes) == ("users.csv", len(CONTENT))
    assert world.stores.files.read_file(import_.source.key) == CONTENT
    assert world.started == [f"{import_.import_id}-1"]


def test_the_event_about_the_file_changes_nothing() -> None:
    world = World()
    import_ = start(world)
    assert import_.source is not None

    receive_file(world.context, import_.source.key, import_.source.version_id)

    assert world.stored_import(import_) == import_
    assert world.started == [f"{import_.import_id}-1"]


def test_an_import_whose_machine_did_not_start_is_started_by_the_event() -> None:
    world = World()
    reachable = world.context
    world.context = replace(world.context, stores=replace(world.stores, import_executions=Unreachable()))

    import_ = start(world)
    stored = world.stored_import(import_)
    assert stored.source is not None
    receive_file(reachable, stored.source.key, stored.source.version_id)

    assert stored.status is Status.QUEUED
    assert world.started == [f"{import_.import_id}-1"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"", "empty_source", id="empty"),
        pytest.param(b"E-Mail,Name\n", "header_differs", id="another header"),
        pytest.param(CONTENT + b"Bob,b@example.com\nCy,c@example.com\n", "too_many_rows", id="too many rows"),
        pytest.param(CONTENT + b"," * 200, "too_large", id="too large"),
        pytest.param(b"PK\x03\x04", "damaged_workbook", id="half a workbook"),
    ],
)
def test_a_file_with_a_fault_of_its_own_is_refused_before_anything_is_stored(content: bytes, code: str) -> None:
    world = World(Limits(inline_upload_bytes=200))

    with pytest.raises(Refused) as refusal:
        start(world, content)

    assert refusal.value.code == code
    assert world.stores.imports.list_page(OURS, page=1, per_page=1).total == 0


def test_where_no_number_of_rows_is_stated_any_will_do() -> None:
    wanted = replace(WANTED, rules=RowRules())

    assert start(World(), CONTENT + b"Bob,b@x.com\nCy,c@x.com\n", wanted).status is Status.QUEUED
