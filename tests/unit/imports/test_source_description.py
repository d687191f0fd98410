"""A source is looked at before it is imported, within limits; its import tells of its columns afterwards."""

from chalicelib.imports.events import Event
from chalicelib.imports.inspected_source import InspectedSource, show_source
from chalicelib.model.imports import Import, Status
from chalicelib.model.limits import Limits
from tests.import_world import TENANT, ImportWorld
from tests.world import World

SOURCE = "name,email\nAnn,ann@example.com\nBob,bob@example.com\n"


def inspected(world: ImportWorld, import_: Import) -> InspectedSource:
    """The source of an import, as a caller is shown it."""
    world.machine.describe_source(Event(tenant_id=TENANT, import_id=import_.import_id, attempt=1))
    surroundings = World().context
    context = type(surroundings)(
        stores=world.stores,
        clock=lambda: int(world.clock()),
        new_id=surroundings.new_id,
        open_runner=lambda: world.machine,
        limits=world.limits,
    )
    return show_source(context, World().caller(TENANT), import_.import_id)


def held(world: ImportWorld, source: str = SOURCE) -> Import:
    return world.queue(source, status=Status.REQUESTED, hold=True, held_until=2_000_000_000)


def test_the_first_rows_are_shown_as_far_as_they_fit() -> None:
    few, cut = ImportWorld(Limits(described_bytes=1)), ImportWorld(Limits(described_cell_characters=4))

    assert inspected(few, held(few)).description.rows == (("Ann", "ann@example.com"),)
    assert inspected(cut, held(cut)).description.rows[1] == ("Bob", "bob…")


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
