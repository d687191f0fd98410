"""How an import comes to be, by signed upload and inline."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.access.context import Context
from chalicelib.errors import Conflict, Refused, Retryable, SluiceError
from chalicelib.imports.create import InlineSource, StatedUpload, import_now, inline_source, request_import
from chalicelib.imports.request import ImportRequest
from chalicelib.imports.service import cancel, delete
from chalicelib.model.imports import Action, DuplicateHandling, Import, Source, Status, UploadMode
from chalicelib.model.limits import Limits
from chalicelib.model.phases import PUBLIC_PHASES
from chalicelib.model.reading_options import ReadingOptions
from chalicelib.stores.memory import MemoryImportExecutions
from tests.world import NOW, OURS, World

WANTED = ImportRequest(dialect="packagex", resource="contact", action=Action.MERGE)
CSV = InlineSource(content=b"name,email\nAnn,ann@example.com\nBob,bob@example.com\n", content_type="text/csv")


def test_an_async_import_waits_for_its_upload() -> None:
    world = World(Limits(upload_window_s=600))
    wanted = replace(WANTED, name="Spring list", duplicate_handling=DuplicateHandling.USE_FIRST, filename="spring.csv")

    import_ = request_import(world.context, world.caller(), wanted)

    assert world.stored_import(import_) == import_
    assert (import_.status, import_.resource, import_.tenant_id) == (Status.REQUESTED, "contacts", OURS)
    assert (import_.upload_expires_at, import_.deadline_at) == (NOW + 600, None)
    assert (import_.created_by, import_.updated_by) == ("key_test", "key_test")
    assert import_.source == Source(key=f"uploads/{OURS}/imp_1/source", filename="spring.csv")
    assert world.started == []


@pytest.mark.parametrize(
    ("mode", "first_two"), [(UploadMode.SYNC, UploadMode.SYNC), (UploadMode.ASYNC, UploadMode.ASYNC)]
)
def test_only_the_first_two_phases_follow_the_upload_mode(mode: UploadMode, first_two: UploadMode) -> None:
    world = World()

    if mode is UploadMode.SYNC:
        import_ = import_now(world.context, world.caller(), WANTED, CSV)
    else:
        import_ = request_import(world.context, world.caller(), WANTED)

    assert [phase.name for phase in import_.phases] == list(PUBLIC_PHASES)
    assert [phase.mode for phase in import_.phases] == [first_two] * 2 + [UploadMode.ASYNC] * 5


def test_a_stated_size_above_the_limit_is_refused() -> None:
    world = World(Limits(upload_bytes=10))

    with pytest.raises(Refused) as refusal:
        request_import(world.context, world.caller(), WANTED, StatedUpload(size_bytes=11))

    assert refusal.value.code == "too_large"
    assert world.stores.imports.list_page(OURS, page=1, per_page=10).total == 0


@pytest.mark.parametrize(("is_in_parts", "limit"), [(False, 10), (True, 20)])
def test_a_source_in_parts_may_be_larger(is_in_parts: bool, limit: int) -> None:
    world = World(Limits(upload_bytes=10, parts_upload_bytes=20))
    stated = StatedUpload(size_bytes=limit, is_in_parts=is_in_parts)

    import_ = request_import(world.context, world.caller(), WANTED, stated)

    assert import_.source is not None
    assert bool(import_.source.upload_id) is is_in_parts
    with pytest.raises(Refused, match=f"the limit is {limit}"):
        request_import(world.context, world.caller(), WANTED, replace(stated, size_bytes=limit + 1))


def test_a_sync_import_goes_on_at_transforming() -> None:
    world = World(Limits(import_time_s=100))

    import_ = import_now(world.context, world.caller(), WANTED, CSV)

    assert [list(row.given) for row in world.runner.rows] == [["Ann", "ann@example.com"], ["Bob", "bob@example.com"]]
    assert (import_.status, import_.deadline_at) == (Status.PROCESSING, NOW + 100)
    assert world.started == ["imp_1-1"]
    assert world.stored_import(import_).source == Source(
        key=f"uploads/{OURS}/imp_1/source",
        size_bytes=51,
        checksum="3e3df239709247fc5ecb69ce2cfa85ec",
        filename="upload.csv",
        content_type="text/csv",
    )


@pytest.mark.parametrize(("named", "filename"), [("", "upload.csv"), ("spring.txt", "spring.txt")])
def test_a_source_keeps_its_name_or_gets_one_by_its_type(named: str, filename: str) -> None:
    world = World()

    import_ = import_now(world.context, world.caller(), replace(WANTED, filename=named), CSV)

    assert import_.source is not None
    assert import_.source.filename == filename


def test_rows_that_are_sent_again_are_mapped_as_their_import_was_unless_a_mapping_is_given() -> None:
    world = World()
    world.add_import(Status.COMPLETED, "imp_before", column_mapping={"name": "Kunde"})
    again = InlineSource(content=b"Kunde,email,_import\nAnn,ann@x.com,imp_before\n", content_type="text/csv")

    as_before = import_now(world.context, world.caller(), WANTED, again)
    as_given = import_now(world.context, world.caller(), replace(WANTED, column_mapping={"notes": "Kunde"}), again)

    assert as_before.column_mapping == {"name": "Kunde"}
    assert as_given.column_mapping == {"notes": "Kunde"}


def test_records_become_rows_as_they_are() -> None:
    world = World()
    records = [{"name": "Zoë", "tags": ["a"]}, 7, {"name": "\ud800", "n": 12345678901234567890123}]

    import_now(world.context, world.caller(), WANTED, inline_source(records[:1]))

    assert [row.given for row in world.runner.rows] == [{"name": "Zoë", "tags": ["a"]}]
    assert json.loads(inline_source(records).content) == records


@pytest.mark.parametrize(
    ("content_type", "stated", "name"),
    [
        pytest.param("text/csv;charset=iso-8859-2", None, "Łoś", id="beside the type"),
        pytest.param('text/csv; charset="ISO-8859-2"', None, "Łoś", id="quoted"),
        pytest.param("text/csv;charset=iso-8859-2", "latin-1", "£o¶", id="the reading options win"),
    ],
)
def test_a_stated_charset_is_how_the_source_is_read(content_type: str, stated: str | None, name: str) -> None:
    world = World()
    wanted = replace(WANTED, reading=ReadingOptions(encoding=stated))

    import_now(
        world.context, world.caller(), wanted, InlineSource(content=b"name\n\xa3o\xb6\n", content_type=content_type)
    )

    assert [list(row.given) for row in world.runner.rows] == [[name]]


@pytest.mark.parametrize("order", ["-le", "-be"])
@pytest.mark.parametrize(
    ("content_type", "stated"), [("text/csv;charset=UTF-16", None), ("text/csv", "utf16"), ("text/csv", "U16")]
)
def test_a_stated_utf16_without_a_mark_is_read_in_its_order(content_type: str, stated: str | None, order: str) -> None:
    world = World()
    wanted = replace(WANTED, reading=ReadingOptions(encoding=stated))
    content = "name\nŁoś\n".encode(f"utf-16{order}")

    import_now(world.context, world.caller(), wanted, InlineSource(content=content, content_type=content_type))

    assert [list(row.given) for row in world.runner.rows] == [["Łoś"]]


def test_an_import_that_ends_in_its_first_phases_starts_no_machine() -> None:
    world = World()
    world.runner.first_phases_end_as = Status.FAILED

    import_ = import_now(world.context, world.caller(), WANTED, CSV)

    assert import_.status is Status.FAILED
    assert world.started == []


@pytest.mark.parametrize(
    ("inline", "wanted", "code"),
    [
        pytest.param(replace(CSV, content=b"x" * 101), WANTED, "too_large", id="above the inline limit"),
        pytest.param(replace(CSV, content=b""), WANTED, "empty_source", id="empty"),
        pytest.param(replace(CSV, content=b"%PDF-1.7"), WANTED, "unreadable_format", id="no table at all"),
        pytest.param(
            replace(CSV, content="id,name\n2,Tomljanović\n".encode("cp1250")), WANTED, "encoding_uncertain", id="doubt"
        ),
        pytest.param(CSV, replace(WANTED, resource="nothing"), "unknown_resource", id="unknown resource"),
        pytest.param(
            CSV, replace(WANTED, reading=ReadingOptions(quote=",", delimiter=",")), "invalid_option", id="odd"
        ),
    ],
)
def test_what_cannot_be_read_is_refused_before_anything_is_written(
    inline: InlineSource, wanted: ImportRequest, code: str
) -> None:
    world = World(Limits(inline_upload_bytes=100))

    with pytest.raises(Refused) as refusal:
        import_now(world.context, world.caller(), wanted, inline)

    assert refusal.value.code == code
    assert world.stores.imports.list_page(OURS, page=1, per_page=10).total == 0


def test_a_source_that_is_too_large_is_refused_with_the_dialect_s_advice() -> None:
    large = replace(CSV, param="file", advice="Send it otherwise.")

    with pytest.raises(Refused) as refusal:
        import_now(World(Limits(inline_upload_bytes=50)).context, World().caller(), WANTED, large)

    assert refusal.value.message == "The source has 51 bytes, the limit is 50. Send it otherwise."
    assert refusal.value.param == "file"


@pytest.mark.parametrize("failure", [Refused("expansion_refused", "It grows too much."), Retryable("throttled")])
def test_an_import_whose_first_phases_fail_before_it_is_stored_leaves_nothing(failure: SluiceError) -> None:
    world = World()
    world.runner.raises = failure

    with pytest.raises(type(failure)):
        import_now(world.context, world.caller(), WANTED, CSV)

    assert world.stores.imports.list_page(OURS, page=1, per_page=9).total == 0
    assert world.started == []


class BusyExecutions(MemoryImportExecutions):
    """Executions of which none can be started; something else happens before that is found out."""

    def __init__(self, meanwhile: Callable[[Import], object] = id) -> None:
        super().__init__()
        self._meanwhile = meanwhile

    def start(self, import_: Import) -> None:
        self._meanwhile(import_)
        raise Retryable("throttled")


def with_busy_executions(world: World, meanwhile: Callable[[Import], object] = id) -> Context:
    return replace(world.context, stores=replace(world.stores, import_executions=BusyExecutions(meanwhile)))


def test_an_import_whose_machine_does_not_start_is_given_to_the_finaliser() -> None:
    world = World()

    with pytest.raises(Retryable):
        import_now(with_busy_executions(world), world.caller(), WANTED, CSV)

    reason = "not_started: the import could not be started."
    assert world.runner.ended == [("imp_1", Status.FAILED, reason)]


def test_an_import_that_is_canceled_before_its_machine_starts_ends_as_canceled() -> None:
    world = World()
    context = with_busy_executions(world, lambda one: cancel(world.context, world.caller(), one.import_id))

    with pytest.raises(Retryable):
        import_now(context, world.caller(), WANTED, CSV)

    assert world.runner.ended == [("imp_1", Status.CANCELED, "canceled")]


def remembering_ids(world: World) -> World:
    """Whose requests are all one: they make the same id."""
    world.context = replace(world.context, new_id=lambda prefix: f"{prefix}_same")
    return world


def test_a_request_that_follows_one_that_broke_off_finds_its_async_import() -> None:
    world = remembering_ids(World())
    first = request_import(world.context, world.caller(), WANTED)
    world.now += 60

    assert request_import(world.context, world.caller(), WANTED) == first


@pytest.mark.parametrize("is_started", [False, True], ids=["before the machine was started", "after it"])
def test_a_request_that_follows_one_that_broke_off_behind_its_first_phases_finds_its_import_and_starts_the_machine(
    is_started: bool,
) -> None:
    world = remembering_ids(World())
    first = import_now(world.context, world.caller(), WANTED, CSV)
    if not is_started:
        world.forget_executions()

    assert import_now(world.context, world.caller(), WANTED, CSV) == first
    assert world.started == ["imp_same-1"]


def test_a_request_whose_import_was_deleted_meanwhile_makes_no_other() -> None:
    world = remembering_ids(World())
    import_ = request_import(world.context, world.caller(), WANTED)
    cancel(world.context, world.caller(), import_.import_id)
    delete(world.context, world.caller(), import_.import_id)

    with pytest.raises(Conflict):
        request_import(world.context, world.caller(), WANTED)
