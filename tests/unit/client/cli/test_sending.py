"""Ctrl-C while a file is sent is a question, and what has arrived is not sent again."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from chalicelib.model.limits import Limits
from sluice.cli.app import App
from sluice.cli.main import run
from tests.pseudo_terminal import in_terminal
from tests.service_in_memory import Fault, ServiceInMemory, passed, refused, unconnected

CSV = "Name,Email\n" + "".join(f"P{n},p{n}@example.com\n" for n in range(10))
QUESTION = "[l]eave:"
PART_BYTES = 40


def interrupt(_: httpx.Request) -> httpx.Response:
    """A fault: a person has pressed Ctrl-C."""
    raise KeyboardInterrupt


ON_ITS_WAY: tuple[Fault, ...] = (passed, passed, passed, interrupt)
"""The resource, the import, the import again; and the file, which is interrupted."""
SECOND_PART: tuple[Fault, ...] = (*[passed] * 5, interrupt)
"""As above, then the URLs of its parts, the first of which arrives."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(CSV)
    return path


@pytest.fixture
def program(file: Path) -> Callable[..., Callable[[], int]]:
    """An import whose requests have these faults; then it prints what there is, and what was sent."""

    def program(*faults: Fault, parts_from_bytes: int = 1 << 40) -> Callable[[], int]:
        def imported() -> int:
            service = ServiceInMemory(Limits(upload_part_bytes=PART_BYTES))
            client = service.client(*faults, parts_from_bytes=parts_from_bytes)
            code = run(["import", file.name, "-r", "contacts"], App(connect=lambda _: client))
            made = next(service.client().imports.each())
            state = "canceled" if made.is_canceled else made.status
            parts = [one.url.params["part"] for one in service.requests if "part" in one.url.params]
            print(state, made.stats.total, "parts", *sorted(parts, key=int))
            return code

        return imported

    return program


@pytest.mark.parametrize(("answer", "state"), [("c\n", "canceled 0"), ("l\n", "requested 0")])
def test_a_person_may_cancel_or_leave_it(
    program: Callable[..., Callable[[], int]], tmp_path: Path, answer: str, state: str
) -> None:
    seen = in_terminal(program(*ON_ITS_WAY), [(QUESTION, answer)], folder=tmp_path)

    assert seen.code == 130
    assert f"\n{state} parts\n" in seen.screen
    assert ("✓ canceled; nothing was written" in seen.screen) is (answer == "c\n")
    assert ("  Go on    sluice import people.csv --resume imp_" in seen.screen) is (answer == "l\n")


def test_a_person_may_go_on(program: Callable[..., Callable[[], int]], tmp_path: Path) -> None:
    answers = [(QUESTION, "\n"), ("[q]uit:", "\n"), ("[y/N]", "y\n")]

    seen = in_terminal(program(*ON_ITS_WAY), answers, folder=tmp_path)

    assert seen.code == 0, seen.screen
    assert "\ncompleted 10 parts\n" in seen.screen


def test_parts_that_have_arrived_are_not_sent_again(program: Callable[..., Callable[[], int]], tmp_path: Path) -> None:
    answers = [(QUESTION, "\n"), ("[q]uit:", "\n"), ("[y/N]", "y\n")]
    count = -(-len(CSV) // PART_BYTES)

    seen = in_terminal(program(*SECOND_PART, parts_from_bytes=1), answers, folder=tmp_path)

    assert seen.code == 0, seen.screen
    assert seen.screen.endswith(" ".join(["completed 10 parts", *(str(n) for n in range(1, count + 1))]) + "\n")


@pytest.fixture
def service() -> ServiceInMemory:
    return ServiceInMemory()


def sluice(service: ServiceInMemory, *arguments: str, faults: tuple[Fault, ...] = ()) -> int:
    return run(arguments, App(connect=lambda _: service.client(*faults)))


def test_where_nobody_can_be_asked_it_is_canceled(service: ServiceInMemory, file: Path) -> None:
    assert sluice(service, "import", str(file), "-r", "contacts", "--yes", faults=ON_ITS_WAY) == 130
    assert [one.is_canceled for one in service.client().imports.each()] == [True]


def test_where_the_network_is_lost_it_goes_on_later(
    service: ServiceInMemory, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = (passed, passed, passed, *[unconnected] * 4)

    assert sluice(service, "import", str(file), "-r", "contacts", "--yes", faults=lost) == 5
    [waiting] = service.client().imports.each()
    assert f"sluice import {file} --resume {waiting.id}" in capsys.readouterr().err

    assert sluice(service, "imports", "send", waiting.id, str(file)) == 0
    assert f"sluice imports release {waiting.id}" in capsys.readouterr().err
    assert sluice(service, "imports", "release", waiting.id) == 0
    assert service.client().imports.get(waiting.id).stats.created == 10


def test_a_file_that_is_not_taken_leaves_nothing_waiting(service: ServiceInMemory, file: Path) -> None:
    assert sluice(service, "import", str(file), "-r", "contacts", "--yes", faults=(*[passed] * 3, refused(400))) == 3
    assert [one.is_canceled for one in service.client().imports.each()] == [True]


def test_an_import_that_has_its_file_takes_no_other(service: ServiceInMemory, file: Path) -> None:
    sluice(service, "import", str(file), "-r", "contacts", "--yes")
    [done] = service.client().imports.each()

    assert sluice(service, "imports", "send", done.id, str(file)) == 3
    assert service.client().imports.get(done.id).status == "completed"


def test_an_import_that_runs_is_not_canceled_by_a_second_file(service: ServiceInMemory, file: Path) -> None:
    waiting = service.client().imports.create(file, resource="contacts")
    service.is_resting = True
    waiting.send(file)

    assert sluice(service, "imports", "send", waiting.id, str(file)) == 3
    assert not waiting.refresh().is_canceled


@pytest.fixture
def parted() -> ServiceInMemory:
    """A service whose parts are small."""
    return ServiceInMemory(Limits(upload_part_bytes=PART_BYTES))


def sent_parts(service: ServiceInMemory) -> list[int]:
    return sorted(int(one.url.params["part"]) for one in service.requests if "part" in one.url.params)


def left_waiting(service: ServiceInMemory, file: Path, *, is_held: bool = True) -> str:
    """Returns the id of an import of which two parts have arrived when its process was ended."""
    client = service.client(*[passed] * 6, interrupt, parts_from_bytes=1)
    with pytest.raises(KeyboardInterrupt):
        client.imports.start(file, resource="contacts", hold=is_held)
    [waiting] = service.client().imports.each()
    assert 0 < len(sent_parts(service)) < PARTS
    return waiting.id


PARTS = -(-len(CSV) // PART_BYTES)


def test_another_process_sends_what_is_missing_and_goes_on(parted: ServiceInMemory, file: Path) -> None:
    waiting = left_waiting(parted, file)

    assert sluice(parted, "import", str(file), "--resume", waiting, "--yes", "--max-failed", "0") == 0

    assert sent_parts(parted) == [*range(1, PARTS + 1)]
    [done] = parted.client().imports.each()
    assert (done.stats.created, done.max_failed, done.findings) == (10, 0, ())


def test_a_part_that_has_changed_is_sent_again(parted: ServiceInMemory, file: Path) -> None:
    waiting = left_waiting(parted, file, is_held=False)
    file.write_text(CSV.replace("P0", "PX"))

    assert sluice(parted, "imports", "send", waiting, str(file)) == 0

    assert sent_parts(parted) == [1, *range(1, PARTS + 1)]
    names = {one.fields["name"] for one in parted.client().records.each("contacts")}
    assert ("PX" in names, "P0" in names) == (True, False)


@pytest.mark.parametrize("content", [CSV + "more\n", CSV[:-1]], ids=["longer", "shorter"])
def test_another_file_is_refused_and_what_has_arrived_stays(
    parted: ServiceInMemory, file: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    waiting = left_waiting(parted, file)
    (file.parent / "other.csv").write_text(content)

    code = sluice(parted, "import", str(file.parent / "other.csv"), "--resume", waiting, "--yes")

    assert code == 2
    assert f"other.csv has {len(content)} bytes" in capsys.readouterr().err
    assert sluice(parted, "import", str(file), "--resume", waiting, "--yes") == 0
    assert parted.client().imports.get(waiting).stats.created == 10


def test_what_is_held_goes_on_where_it_was(service: ServiceInMemory, file: Path) -> None:
    held = service.client().imports.start(file, resource="contacts", hold=True, max_failed="5%")

    assert sluice(service, "import", str(file), "--resume", held.id, "--yes", "-m", "phone=") == 0

    [done] = service.client().imports.each()
    assert (done.id, done.stats.created, done.max_failed) == (held.id, 10, "5%")
    assert done.column_mapping["phone"] is None


def test_what_begins_by_itself_is_sent_and_not_looked_at(
    service: ServiceInMemory, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    waiting = service.client().imports.create(file, resource="contacts")

    assert sluice(service, "import", str(file), "--resume", waiting.id, "--preview") == 2
    assert f"sluice imports send {waiting.id} FILE" in capsys.readouterr().err
    assert waiting.refresh().status == "requested"


def test_what_has_ended_does_not_go_on(service: ServiceInMemory, file: Path) -> None:
    done = service.client().imports.run(file, resource="contacts")

    assert sluice(service, "import", str(file), "--resume", done.id, "--yes") == 3
    assert service.client().imports.get(done.id).status == "completed"


def test_an_import_of_another_resource_does_not_go_on(
    service: ServiceInMemory, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    waiting = service.client().imports.create(file, resource="contacts")

    assert sluice(service, "import", str(file), "-r", "customers", "--resume", waiting.id, "--yes") == 2
    assert f"{waiting.id} is an import of contact, not of customer." in capsys.readouterr().err
