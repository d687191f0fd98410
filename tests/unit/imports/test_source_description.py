"""A source is looked at before it is imported, within limits; its import tells of its columns afterwards."""

from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, BinaryIO

import pytest

from chalicelib.errors import Conflict, Refused
from chalicelib.imports.describe_source import FIRST_PIECE_BYTES, is_quick_to_describe, look_at_source
from chalicelib.imports.events import Event
from chalicelib.imports.inspected_source import InspectedSource, show_source
from chalicelib.imports.source_description import LikelyField, SourceDescription, SuggestedColumn
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import, Source, Status
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.object_keys import upload_key
from chalicelib.model.reading_options import ReadingOptions
from chalicelib.stores.memory import MemoryImportExecutions
from chalicelib.stores.memory.files import MemoryFiles
from tests.import_world import TENANT, ImportWorld
from tests.world import World, an_import


class NotingFiles(MemoryFiles):
    """Files that note which bytes of them are fetched."""

    def __init__(self) -> None:
        super().__init__(clock=lambda: 0)
        self.ranges: list[tuple[int, int | None]] = []

    def open_file(
        self, key: str, version_id: str | None = None, *, start: int = 0, end: int | None = None
    ) -> AbstractContextManager[BinaryIO]:
        self.ranges.append((start, end))
        return super().open_file(key, version_id, start=start, end=end)


def looked_at(content: str) -> tuple[SourceDescription, list[tuple[int, int | None]]]:
    """What a source looks like, and which of its bytes were fetched."""
    files, content_bytes = NotingFiles(), content.encode()
    file = files.write_file("uploads/a/b/source", content_bytes)
    source = Source(key=file.key, version_id=file.version_id, size_bytes=len(content_bytes))
    return look_at_source(files, an_import(source=source), DEFAULT_LIMITS), files.ranges


SOURCE = "name,email\nAnn,ann@example.com\nBob,bob@example.com\n"


def describe(world: ImportWorld, import_: Import) -> None:
    world.machine.describe_source(Event(tenant_id=TENANT, import_id=import_.import_id, attempt=1))


def look_at(world: ImportWorld, import_: Import) -> InspectedSource:
    """The source of an import, as a caller is shown it."""
    context = replace(
        World().context,
        stores=world.stores,
        clock=lambda: int(world.clock()),
        open_runner=lambda: world.machine,
        limits=world.limits,
    )
    return show_source(context, World().caller(TENANT), import_.import_id)


def inspected(world: ImportWorld, import_: Import) -> InspectedSource:
    """The source of an import that has been looked at, as a caller is shown it."""
    describe(world, import_)
    return look_at(world, import_)


def looks(world: ImportWorld) -> int:
    """How many executions were started that look at a source."""
    assert isinstance(world.stores.import_executions, MemoryImportExecutions)
    return len(world.stores.import_executions.executions)


def held(world: ImportWorld, source: str = SOURCE) -> Import:
    return world.queue(source, status=Status.REQUESTED, hold=True, held_until=2_000_000_000)


def test_the_first_rows_are_shown_as_far_as_they_fit() -> None:
    few, cut = ImportWorld(Limits(described_bytes=1)), ImportWorld(Limits(described_cell_characters=4))

    assert inspected(few, held(few)).description.rows == (("Ann", "ann@example.com"),)
    assert inspected(cut, held(cut)).description.rows[1] == ("Bob", "bob…")


@pytest.mark.parametrize(("described_bytes", "shown"), [(52, 2), (51, 1)])
def test_so_many_bytes_of_rows_are_shown(described_bytes: int, shown: int) -> None:
    world = ImportWorld(Limits(described_bytes=described_bytes))

    assert len(inspected(world, held(world)).description.rows) == shown


@pytest.mark.parametrize(
    ("key", "content", "is_quick"),
    [
        pytest.param("uploads/a/b/source", b"[12]", True, id="small"),
        pytest.param("uploads/a/b/source", b"[123]", False, id="larger"),
        pytest.param("uploads/a/b/source", b"name,email", True, id="delimited text"),
        pytest.param("drop/a/contacts/merge/b.csv", b"[12]", False, id="dropped"),
    ],
)
def test_requests_look_at_uploads_that_are_small_or_delimited_text(key: str, content: bytes, is_quick: bool) -> None:
    files = MemoryFiles(clock=lambda: 0)
    file = files.write_file(key, content)
    source = Source(key=key, version_id=file.version_id, size_bytes=len(content))
    limits = Limits(inline_upload_bytes=4)

    assert is_quick_to_describe(files, an_import(source=source), limits) is is_quick
    assert is_quick_to_describe(files, an_import(source=None), limits) is False


def test_a_source_without_a_row_shows_its_columns() -> None:
    world = ImportWorld()

    found = inspected(world, held(world, "name,email\n"))

    assert [one.field for one in found.columns] == ["name", "email"]
    assert found.description.rows == ()


def test_what_cannot_be_read_is_a_fault() -> None:
    world = ImportWorld()

    found = inspected(world, held(world, ""))

    assert found.description.fault is not None
    assert (found.description.fault.code, found.columns) == ("empty_source", ())


def test_an_import_that_is_gone_is_not_looked_at() -> None:
    world = ImportWorld()
    import_ = held(world)
    world.stores.imports.discard(TENANT, import_.import_id)

    world.machine.describe_source(Event(tenant_id=TENANT, import_id=import_.import_id, attempt=1))


def test_an_import_tells_of_so_many_columns() -> None:
    world = ImportWorld(Limits(columns_shown=1))

    done = world.run(SOURCE)

    assert [(one.header, one.field, one.why.value) for one in done.columns] == [("name", "name", "name")]


def test_of_delimited_text_only_the_beginning_is_fetched() -> None:
    found, ranges = looked_at(SOURCE + "Zoë,zoe@example.com\n" * 200_000)

    assert len(found.rows) == DEFAULT_LIMITS.sample_rows
    assert ranges == [(0, FIRST_PIECE_BYTES)]


def test_a_source_is_fetched_to_its_end_where_it_has_to_be() -> None:
    found, ranges = looked_at('[{"name": "Ann"}]' + " " * 2 * FIRST_PIECE_BYTES)

    assert [one.header for one in found.columns] == ["name"]
    assert ranges == [(0, FIRST_PIECE_BYTES), (FIRST_PIECE_BYTES, 2 * FIRST_PIECE_BYTES + 17)]


def test_a_large_document_that_nobody_has_looked_at_is_looked_at_now() -> None:
    world = ImportWorld(Limits(inline_upload_bytes=1))
    import_ = held(world, '[{"name": "Ann"}]')

    with pytest.raises(Conflict, match="The source is being looked at"):
        look_at(world, import_)

    assert looks(world) == 1


def test_what_is_too_large_for_a_request_is_looked_at_by_an_execution() -> None:
    world = ImportWorld(Limits(sync_import_rows=1))
    import_ = held(world)

    with pytest.raises(Conflict, match="The source is being looked at"):
        look_at(world, import_)

    assert looks(world) == 1


@pytest.mark.parametrize("fields", [{"status": Status.PROCESSING}, {"held_until": None}], ids=["at work", "not here"])
def test_a_source_is_shown_while_its_import_is_held_or_has_ended(fields: dict[str, Any]) -> None:
    world = ImportWorld()
    import_ = held(world)
    describe(world, import_)
    other = replace(import_, import_id=ImportId("imp_other"), **fields)
    assert world.stores.imports.add(other)
    describe(world, other)

    with pytest.raises(Conflict, match="Its source is shown while it is held"):
        look_at(world, other)

    assert looks(world) == 0


def test_a_source_is_shown_once_its_import_has_ended() -> None:
    world = ImportWorld()

    found = inspected(world, world.run(SOURCE))

    assert [one.field for one in found.columns] == ["name", "email"]
    assert found.description.columns[1].confidence == found.description.columns[1].candidates[0].confidence > 0


def test_what_is_shown_is_what_the_options_have_it_read_as_now() -> None:
    world = ImportWorld()
    import_ = held(world)
    describe(world, import_)

    assert world.stores.imports.revise(import_, {"reading": ReadingOptions(delimiter=";")})

    assert [one.header for one in look_at(world, import_).columns] == ["name,email"]


def test_a_source_that_is_no_longer_kept_cannot_be_shown() -> None:
    world = ImportWorld()
    import_ = held(world)
    world.stores.files.delete_files(upload_key(TENANT, import_.import_id))

    with pytest.raises(Refused) as refused:
        inspected(world, import_)

    assert refused.value.code == "source_gone"


def test_an_import_without_a_source_has_none_that_can_be_shown() -> None:
    world = ImportWorld()
    import_ = world.queue(SOURCE, status=Status.FAILED, source=None)

    with pytest.raises(Refused, match="source_gone"):
        inspected(world, import_)


def test_a_column_that_should_be_left_alone_has_no_confidence() -> None:
    likely = LikelyField("name", 0.4, ("words",))

    assert SuggestedColumn("Colour", None, (likely,)).confidence == 0
    assert SuggestedColumn("Name", "name", (LikelyField("notes", 0.9, ()), likely)).confidence == 0.4
