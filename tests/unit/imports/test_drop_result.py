"""The result of a dropped file stands beside it, whatever the final status."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.imports.drop_result import write_drop_result
from chalicelib.imports.events import Event, FinishEvent
from chalicelib.model.imports import Import, Source, Status
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.stop_reasons import EndReason
from tests.import_world import TENANT, ImportWorld, run_import

KEY = f"drop/{TENANT}/customers/merge/people.csv"


def queue(world: ImportWorld, content: str, *, encoding: str = "utf-8", **wanted: Any) -> Import:
    file = world.stores.files.write_file(KEY, content.encode(encoding))
    source = Source(key=KEY, version_id=file.version_id, size_bytes=file.size_bytes, filename="people.csv")
    return world.queue(content, dialect="drop", source=source, **wanted)


def result_of(world: ImportWorld) -> dict[str, Any]:
    return dict(json.loads(world.stores.files.read_file(f"{KEY}.result.json")))


def test_an_import_that_completed_leaves_its_result_and_its_rejected_rows() -> None:
    world = ImportWorld()
    import_ = queue(world, "name,email\nA,a@x.com\nB,nonsense\n")

    run_import(world.machine, import_)

    result = result_of(world)
    assert (result["status"], result["stats"]["created"], result["stats"]["failed"]) == ("completed", 1, 1)
    assert result["import_id"] == import_.import_id
    assert result["errors_file"] == "people.csv.errors.csv"
    errors = world.stores.files.read_file(f"{KEY}.errors.csv").decode()
    assert errors.splitlines()[1].startswith("B,nonsense,2,3,failed")


def test_an_import_of_which_no_row_was_rejected_has_no_errors_file() -> None:
    world = ImportWorld()

    run_import(world.machine, queue(world, "name,email\nA,a@x.com\n"))

    assert result_of(world)["errors_file"] is None
    assert world.stores.files.find_file(f"{KEY}.errors.csv") is None


def test_a_result_that_is_there_is_not_written_again() -> None:
    world = ImportWorld()
    import_ = queue(world, "name,email\nA,a@x.com\n")
    run_import(world.machine, import_)
    written = world.stores.files.find_file(f"{KEY}.result.json")

    write_drop_result(world.stores.files, world.get(import_))

    assert world.stores.files.find_file(f"{KEY}.result.json") == written


def test_an_import_that_failed_says_why() -> None:
    world = ImportWorld()

    run_import(world.machine, queue(world, ""))

    result = result_of(world)
    assert (result["status"], result["errors_file"]) == ("failed", None)
    assert result["reason"].startswith("empty_source")


def test_an_import_whose_encoding_is_uncertain_shows_a_line_as_each_candidate_reads_it() -> None:
    world = ImportWorld()

    run_import(world.machine, queue(world, "id,name\n2,Tomljanović\n", encoding="cp1250"))

    result = result_of(world)
    assert (result["status"], result["stats"]["created"]) == ("failed", 0)
    assert result["reason"].startswith("encoding_uncertain (encoding): The encoding is not certain. State it, or save")
    assert {"cp1250: 2,Tomljanović", "cp1252: 2,Tomljanoviæ"} <= set(result["reason"].splitlines())


def test_an_import_that_was_canceled_says_so() -> None:
    world = ImportWorld()
    import_ = queue(world, "name,email\nA,a@x.com\n")
    world.stores.imports.change(TENANT, import_.import_id, ImportChange(to=Status.CANCELING, at=1))

    run_import(world.machine, import_)

    assert (result_of(world)["status"], result_of(world)["reason"]) == ("canceled", "canceled")


def test_an_import_whose_machine_never_ran_says_that_its_time_is_over() -> None:
    world = ImportWorld()
    import_ = queue(world, "name,email\nA,a@x.com\n")

    world.machine.end(import_, EndReason(Status.TIMED_OUT, "timed_out: too late"))

    assert (result_of(world)["status"], result_of(world)["reason"]) == ("timed_out", "timed_out: too late")


def test_a_finaliser_that_died_before_the_result_writes_it_when_it_is_called_again() -> None:
    world = ImportWorld()
    import_ = queue(world, "name,email\nA,a@x.com\n")
    run_import(world.machine, import_)
    expected = result_of(world)
    world.stores.files.delete_files(f"{KEY}.result.json")

    event = Event(tenant_id=TENANT, import_id=import_.import_id, attempt=1)
    world.machine.finish(FinishEvent(**event.model_dump()))

    assert result_of(world) == expected


def test_an_import_that_went_on_and_ended_anew_has_another_result() -> None:
    world = ImportWorld()
    import_ = queue(world, "name,email\nA,a@x.com\n")
    world.machine.end(import_, EndReason(Status.TIMED_OUT, "timed_out: too late"))

    write_drop_result(world.stores.files, replace(world.get(import_), status=Status.COMPLETED, attempt=2, reason=None))

    assert (result_of(world)["status"], result_of(world)["reason"]) == ("completed", None)


def test_the_result_of_a_later_file_of_the_same_name_stays() -> None:
    world = ImportWorld()
    first = queue(world, "name,email\nA,a@x.com\n")
    world.clock.now_s += 60
    second = queue(world, "name,email\nB,b@x.com\n")

    run_import(world.machine, second)
    run_import(world.machine, first)

    assert result_of(world)["import_id"] == second.import_id


def test_rejected_rows_of_an_earlier_file_of_the_same_name_do_not_stay() -> None:
    world = ImportWorld()
    run_import(world.machine, queue(world, "name,email\nA,nonsense\n"))
    world.clock.now_s += 60

    run_import(world.machine, queue(world, "name,email\nA,a@x.com\n"))

    assert result_of(world)["errors_file"] is None
    assert world.stores.files.read_file(f"{KEY}.errors.csv") == b""


@pytest.mark.parametrize("there", [b"no json", b"[]"])
def test_what_others_put_in_the_place_of_a_result_is_replaced(there: bytes) -> None:
    world = ImportWorld()
    world.stores.files.write_file(f"{KEY}.result.json", there)

    run_import(world.machine, queue(world, "name,email\nA,a@x.com\n"))

    assert result_of(world)["status"] == "completed"


def test_an_import_that_came_another_way_leaves_nothing_next_to_its_source() -> None:
    world = ImportWorld()
    ended = world.run("name,email\nA,a@x.com\n")
    assert ended.source is not None

    write_drop_result(world.stores.files, ended)

    assert world.stores.files.find_file(f"{ended.source.key}.result.json") is None
