"""The result of a dropped file stands beside it, whatever the final status."""

import json
from typing import Any

import pytest

from chalicelib.imports.drop_result import write_beside
from chalicelib.imports.events import Event, FinishEvent
from chalicelib.model.imports import Import, Source, Status, StatusChange
from tests.driving import TENANT, Town, play

KEY = f"drop/{TENANT}/customers/merge/people.csv"


def queue(town: Town, content: str, *, encoding: str = "utf-8", **wanted: Any) -> Import:
    file = town.stores.files.write_file(KEY, content.encode(encoding))
    source = Source(key=KEY, version_id=file.version_id, size_bytes=file.size_bytes, filename="people.csv")
    return town.queue(content, dialect="drop", source=source, **wanted)


def result_of(town: Town) -> dict[str, Any]:
    return dict(json.loads(town.stores.files.read_file(f"{KEY}.result.json")))


def test_an_import_that_completed_leaves_its_result_and_its_rejected_rows() -> None:
    town = Town()
    import_ = queue(town, "name,email\nA,a@x.com\nB,nonsense\n")

    play(town.machine, import_)

    result = result_of(town)
    assert (result["status"], result["stats"]["created"], result["stats"]["failed"]) == ("completed", 1, 1)
    assert result["import_id"] == import_.import_id
    assert result["errors_file"] == "people.csv.errors.csv"
    errors = town.stores.files.read_file(f"{KEY}.errors.csv").decode()
    assert errors.splitlines()[1].startswith("B,nonsense,2,3,failed")


def test_an_import_that_failed_says_why() -> None:
    town = Town()

    play(town.machine, queue(town, ""))

    result = result_of(town)
    assert (result["status"], result["errors_file"]) == ("failed", None)
    assert result["reason"].startswith("empty_source")


def test_an_import_whose_encoding_is_uncertain_shows_a_line_as_each_candidate_reads_it() -> None:
    town = Town()

    play(town.machine, queue(town, "id,name\n2,Tomljanović\n", encoding="cp1250"))

    result = result_of(town)
    assert (result["status"], result["stats"]["created"]) == ("failed", 0)
    assert result["reason"].startswith("encoding_uncertain (encoding): The encoding is not certain. State it, or save")
    assert {"cp1250: 2,Tomljanović", "cp1252: 2,Tomljanoviæ"} <= set(result["reason"].splitlines())


def test_an_import_that_was_canceled_says_so() -> None:
    town = Town()
    import_ = queue(town, "name,email\nA,a@x.com\n")
    town.stores.imports.change(TENANT, import_.import_id, StatusChange(to=Status.CANCELING, at=1))

    play(town.machine, import_)

    assert (result_of(town)["status"], result_of(town)["reason"]) == ("canceled", "canceled")


def test_an_import_whose_machine_never_ran_says_that_its_time_is_over() -> None:
    town = Town()
    import_ = queue(town, "name,email\nA,a@x.com\n")

    town.machine.end(import_, Status.TIMED_OUT, "timed_out: too late")

    assert (result_of(town)["status"], result_of(town)["reason"]) == ("timed_out", "timed_out: too late")


def test_a_finaliser_that_died_before_the_result_writes_it_when_it_is_called_again() -> None:
    town = Town()
    import_ = queue(town, "name,email\nA,a@x.com\n")
    play(town.machine, import_)
    expected = result_of(town)
    town.stores.files.delete_files(f"{KEY}.result.json")

    event = Event(tenant_id=TENANT, import_id=import_.import_id, attempt=1)
    town.machine.finish(FinishEvent(**event.model_dump()))

    assert result_of(town) == expected


def test_the_result_of_a_later_file_of_the_same_name_stays() -> None:
    town = Town()
    first = queue(town, "name,email\nA,a@x.com\n")
    town.clock.now_s += 60
    second = queue(town, "name,email\nB,b@x.com\n")

    play(town.machine, second)
    play(town.machine, first)

    assert result_of(town)["import_id"] == second.import_id


def test_rejected_rows_of_an_earlier_file_of_the_same_name_do_not_stay() -> None:
    town = Town()
    play(town.machine, queue(town, "name,email\nA,nonsense\n"))
    town.clock.now_s += 60

    play(town.machine, queue(town, "name,email\nA,a@x.com\n"))

    assert result_of(town)["errors_file"] is None
    assert town.stores.files.read_file(f"{KEY}.errors.csv") == b""


@pytest.mark.parametrize("there", [b"no json", b"[]"])
def test_what_others_put_in_the_place_of_a_result_is_replaced(there: bytes) -> None:
    town = Town()
    town.stores.files.write_file(f"{KEY}.result.json", there)

    play(town.machine, queue(town, "name,email\nA,a@x.com\n"))

    assert result_of(town)["status"] == "completed"


def test_an_import_that_came_another_way_leaves_nothing_beside_its_source() -> None:
    town = Town()
    ended = town.run("name,email\nA,a@x.com\n")
    assert ended.source is not None

    write_beside(town.stores.files, ended)

    assert town.stores.files.find_file(f"{ended.source.key}.result.json") is None
