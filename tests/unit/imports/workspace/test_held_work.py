"""What a request has done of an import is kept in one piece, and read as if it lay where it lies otherwise."""

from dataclasses import replace

import pytest

from chalicelib.errors import NotFound
from chalicelib.imports.workspace import HeldWork, KeptWork
from chalicelib.imports.workspace.held_work import HeldObjects, HeldResults, read_work
from chalicelib.model.imports import Import
from chalicelib.model.phases import PhaseName
from chalicelib.model.task_results import TaskResult
from chalicelib.stores.memory.files import MemoryFiles
from chalicelib.stores.memory.imports import MemoryTaskResults
from tests.import_world import ImportWorld

READ = TaskResult(phase=PhaseName.PREVALIDATION, task=0, entered=2)
FOUND = TaskResult(phase=PhaseName.PREPARSING, task=0, entered=2)
KEPT_UNDER = "work/tenant/imp/request.one"


class CountingFiles(MemoryFiles):
    """Counts which objects are read."""

    def __init__(self) -> None:
        super().__init__(clock=lambda: 0.0)
        self.read: list[str] = []

    def read_file(self, key: str) -> bytes:
        self.read.append(key)
        return super().read_file(key)


def some_work() -> HeldWork:
    work = HeldWork()
    HeldObjects(work).write_file("work/a", "ünïcode".encode())
    HeldResults(work).put_once(ImportWorld().queue("name").import_id, 1, READ)
    return work


@pytest.fixture
def files() -> CountingFiles:
    files = CountingFiles()
    files.write_file(KEPT_UNDER, some_work().pack())
    files.write_file("work/b", b"of the bucket")
    return files


@pytest.fixture
def import_() -> Import:
    return replace(ImportWorld().queue("name"), work_key=KEPT_UNDER)


def test_what_is_packed_comes_back() -> None:
    work = some_work()

    assert HeldWork.unpack(work.pack()) == replace(work, changes=0)


def test_objects_are_found_in_what_was_kept_and_beneath_it(files: CountingFiles, import_: Import) -> None:
    objects = KeptWork(files, import_).objects_over(files)

    assert (objects.read_file("work/a").decode(), objects.read_file("work/b")) == ("ünïcode", b"of the bucket")
    assert objects.list_keys("work/") == ["work/a", "work/b", KEPT_UNDER]
    with pytest.raises(NotFound):
        objects.read_file("work/c")


def test_results_that_were_kept_stay_as_they_are(files: CountingFiles, import_: Import) -> None:
    results, of = KeptWork(files, import_).results_over(MemoryTaskResults()), (import_.import_id, 1)

    assert not results.put_once(*of, replace(READ, entered=9))
    assert results.put_once(*of, FOUND)
    assert [results.find_result(*of, one.phase, 0) for one in (READ, FOUND)] == [READ, FOUND]


def test_what_was_kept_is_read_once_for_objects_and_results(files: CountingFiles, import_: Import) -> None:
    kept = KeptWork(files, import_)
    objects, results = kept.objects_over(files), kept.results_over(MemoryTaskResults())

    for _ in range(2):
        objects.read_file("work/a")
        results.list_results(import_.import_id, 1, PhaseName.PREVALIDATION)

    assert files.read == [KEPT_UNDER]


def test_of_an_import_without_such_work_nothing_stands_between(files: CountingFiles) -> None:
    kept, results = KeptWork(files, ImportWorld().queue("name")), MemoryTaskResults()

    assert (kept.objects_over(files), kept.results_over(results)) == (files, results)


def test_of_an_import_without_a_request_nothing_was_kept(files: CountingFiles, import_: Import) -> None:
    assert read_work(files, replace(import_, work_key="", work=b"")) == HeldWork()
    assert read_work(files, replace(import_, work_key="", work=some_work().pack())) == replace(some_work(), changes=0)


def test_results_are_listed_by_phase_in_the_order_of_their_tasks() -> None:
    results, import_id = HeldResults(HeldWork()), ImportWorld().queue("name").import_id
    second = replace(READ, task=1)
    for one in (second, FOUND, READ):
        results.put_once(import_id, 1, one)

    assert results.list_results(import_id, 1, PhaseName.PREVALIDATION) == [READ, second]
