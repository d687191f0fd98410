"""Two callers who ask for things that exclude each other, the second at the moment in which the first writes.

In come the factories of stores; out goes for each race what is wrong afterwards, nothing where all is well.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, cast

from chalicelib.errors import Conflict
from chalicelib.imports.confirm import confirm
from chalicelib.imports.profiles import change_profile, change_settings, create_profile
from chalicelib.imports.redrive import redrive
from chalicelib.imports.retry import RetryRequest, retry
from chalicelib.imports.undo import undo
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.guard_rails import Tolerance
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Status
from chalicelib.model.rows import Outcome
from tests.faults.recorder import Call, pass_through
from tests.faults.scenarios import OURS, RESOURCE, Scenario
from tests.faults.simulated_import import CALLER, CountingImports, SimulatedImport, StoreFactories

FAILED_ROWS = RetryRequest(include=frozenset({Outcome.FAILED}))


def ended(factories: StoreFactories, scenario: Scenario) -> SimulatedImport:
    """Returns a world with one import that has ended."""
    return SimulatedImport(scenario, factories=factories).run()


def at_once(world: SimulatedImport, first: Callable[[], object], call: str, second: Callable[[], object]) -> None:
    """Does the second thing, and lets it come to its end where it says so, right before a call of the first. What is
    refused is no harm."""
    has_come = False

    def intercept(one: Call) -> Any:
        nonlocal has_come
        if one.name == call and not has_come:
            has_come = True
            second()
        return one.perform()

    world.intercept = intercept
    with suppress(Conflict):
        first()
    world.intercept = pass_through
    world.run_executions()


def two_confirms(factories: StoreFactories) -> list[str]:
    """The first import of a preview has ended when the second caller writes."""
    world = ended(factories, Scenario(is_preview=True))
    preview_id = world.import_id

    def confirm_and_run() -> None:
        confirm(world.context, CALLER, preview_id)
        world.run_executions()

    at_once(world, lambda: confirm(world.context, CALLER, preview_id), "imports.occupy", confirm_and_run)
    return too_many(world, "confirmed", lambda one: one.preview_of == preview_id)


def two_retries(factories: StoreFactories) -> list[str]:
    """As with confirms: the rows have been tried again meanwhile."""
    world = ended(factories, Scenario())
    root_id = world.import_id

    def retry_and_run() -> None:
        retry(world.context, CALLER, root_id, FAILED_ROWS)
        world.run_executions()

    at_once(world, lambda: retry(world.context, CALLER, root_id, FAILED_ROWS), "imports.occupy", retry_and_run)
    told, there = world.import_.retries, imports_of(world, lambda one: one.retry_of == root_id)
    return [] if {*told} == {one.import_id for one in there} else [f"tells of {told}, there are {len(there)}"]


def a_retry_and_an_undo(factories: StoreFactories) -> list[str]:
    """The undo is still at work when the retry begins."""
    world = ended(factories, Scenario())
    root_id = world.import_id

    at_once(
        world,
        lambda: retry(world.context, CALLER, root_id, FAILED_ROWS),
        "imports.occupy",
        lambda: undo(world.context, CALLER, root_id),
    )
    both = too_many(world, "made", lambda one: root_id in (one.retry_of, one.undo_of))
    return both + ([f"busy with {world.import_.busy_with}"] if world.import_.busy_with else [])


def two_redrives(factories: StoreFactories) -> list[str]:
    """The next attempt has come to its end when the second caller writes."""
    world = SimulatedImport(Scenario(), factories=factories)

    def run_out_of_time(call: Call) -> Any:
        if call.name == "records.write_many":
            world.clock.now_s += world.scenario.limits.import_time_s
        return call.perform()

    world.intercept = run_out_of_time
    world.run()
    assert world.import_.status is Status.TIMED_OUT, world.import_.status

    def redrive_and_run() -> None:
        world.intercept = pass_through
        redrive(world.context, CALLER, world.import_id)
        world.run_executions()

    at_once(world, lambda: redrive(world.context, CALLER, world.import_id), "imports.redrive", redrive_and_run)
    endings = [status for import_id, status in world.ends if import_id == world.import_id]
    is_well = world.import_.is_final and len(endings) == world.import_.attempt
    return [] if is_well else [f"{world.import_.status} in attempt {world.import_.attempt}, ended as {endings}"]


def two_changes_of_settings(factories: StoreFactories) -> list[str]:
    """Each states another limit; none is lost."""
    world = SimulatedImport(Scenario(), factories=factories)
    at_once(
        world,
        lambda: change_settings(world.context, CALLER, {"save_upload": False}),
        "import_profiles.replace_settings",
        lambda: change_settings(world.context, CALLER, {"max_failed": Tolerance(count=3)}),
    )
    options = world.stores.import_profiles.find_settings(OURS).options
    return [] if {*options} == {"save_upload", "max_failed"} else [f"the settings are {options}"]


def two_changes_of_a_profile(factories: StoreFactories) -> list[str]:
    """As those of settings."""
    world = SimulatedImport(Scenario(), factories=factories)
    create_profile(world.context, CALLER, "weekly", RESOURCES[RESOURCE], {})
    at_once(
        world,
        lambda: change_profile(world.context, CALLER, "weekly", {"save_upload": False}),
        "import_profiles.replace",
        lambda: change_profile(world.context, CALLER, "weekly", {"hold": True}),
    )
    (profile,) = world.stores.import_profiles.list_profiles(OURS)
    return [] if {*profile.options} == {"save_upload", "hold"} else [f"the profile is {profile.options}"]


def imports_of(world: SimulatedImport, takes: Callable[[Any], bool]) -> list[Any]:
    """Returns the imports that are there."""
    return [one for one in cast(CountingImports, world.stores.imports).list_stored() if takes(one)]


def too_many(world: SimulatedImport, what: str, takes: Callable[[Any], bool]) -> list[str]:
    """What is wrong unless there is one such import."""
    found: list[ImportId] = [one.import_id for one in imports_of(world, takes)]
    return [] if len(found) == 1 else [f"{what} as {found}"]


RACES = (
    *(two_confirms, two_retries, a_retry_and_an_undo, two_redrives),
    *(two_changes_of_settings, two_changes_of_a_profile),
)


def each_race(factories: StoreFactories) -> Iterator[tuple[str, list[str]]]:
    """Yields the races, and what is wrong after each."""
    for race in RACES:
        yield race.__name__, race(factories)
