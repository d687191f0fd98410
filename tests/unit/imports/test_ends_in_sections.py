"""The end of a large import is written by several tasks, and is the same as if one had written it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

import orjson
import pytest

from chalicelib.errors import Retryable
from chalicelib.imports.events import Event, FinishEvent, FinishStep, ImportRoute, SectionEvent
from chalicelib.imports.pipeline import run_phases
from chalicelib.imports.workspace import Workspace
from chalicelib.model.imports import Import, Status
from chalicelib.model.limits import Limits
from chalicelib.model.object_keys import ResultFile, result_key
from chalicelib.model.phases import PhaseName
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.stop_reasons import CANCELED, EndReason
from chalicelib.stores.memory import MemoryFiles
from tests.import_world import TENANT, ImportWorld, run_import
from tests.task_contexts import started_context

IN_SECTIONS = Limits(small_source_bytes=0, batch_rows=5, result_section_batches=2)
IN_ONE = replace(IN_SECTIONS, result_section_batches=1_000)
KINDS = ("Ann{n},ann{n}@example.com", "Ben{n},no address", "Cem,twice@example.com", "=Dee{n},dee{n}@example.com,more")


def source(seed: int) -> str:
    """Rows of one kind for a while, then of another: some sections have no errors, some nothing else."""
    random = Random(seed)
    kinds = [kind for _ in range(9) for kind in [random.choice(KINDS)] * random.randint(1, 12)]
    return "name,email\n" + "".join(kind.format(n=number) + "\n" for number, kind in enumerate(kinds))


def ended(limits: Limits, content: str, **options: Any) -> tuple[ImportWorld, Import]:
    world = ImportWorld(limits=limits)
    return world, world.run(content, **options)


def files_of(world: ImportWorld, import_: Import) -> dict[str, bytes]:
    keys = {file: result_key(TENANT, import_.import_id, file) for file in ResultFile}
    return {file: world.stores.files.read_file(key) for file, key in keys.items() if world.stores.files.find_file(key)}


def pages_of(world: ImportWorld, import_: Import) -> Mapping[str, bytes]:
    folder = f"work/{TENANT}/{import_.import_id}/1/row_pages/"
    return {key: world.stores.files.read_file(key) for key in world.stores.files.list_keys(folder)}


@pytest.mark.parametrize("seed", range(12))
def test_pieces_make_the_same_files_and_pages_as_one_function(seed: int) -> None:
    in_sections, in_one = ended(IN_SECTIONS, source(seed)), ended(IN_ONE, source(seed))

    assert len(files_of(*in_one)) >= 4
    assert files_of(*in_sections) == files_of(*in_one)
    assert pages_of(*in_sections) == pages_of(*in_one)
    assert in_sections[1].stats == in_one[1].stats


def test_json_rows_and_files_without_an_upload_come_out_the_same() -> None:
    rows = [{"name": f"N{n}", "email": f"n{n}@x.com" if n % 7 else "none", f"extra{n % 3}": [n]} for n in range(60)]
    content = orjson.dumps(rows).decode()

    for options in ({}, {"save_upload": False}):
        in_sections, in_one = ended(IN_SECTIONS, content, **options), ended(IN_ONE, content, **options)

        assert files_of(*in_sections) == files_of(*in_one)
        assert orjson.loads(files_of(*in_sections)[ResultFile.ERRORS_JSON])


def at_its_end(limits: Limits = IN_SECTIONS) -> tuple[ImportWorld, Import]:
    """An import all of whose phases have ended."""
    world = ImportWorld(limits=limits)
    import_ = world.queue(source(3))
    machine, event = world.machine, Event(tenant_id=TENANT, import_id=import_.import_id, attempt=1)
    machine.plan(event)
    while machine.run_phases(event).route != ImportRoute.FINISH:
        pass
    return world, world.get(import_)


def finish(world: ImportWorld, import_: Import, **event: Any) -> FinishStep:
    return world.machine.finish(FinishEvent(tenant_id=TENANT, import_id=import_.import_id, attempt=1, **event))


def write_section(world: ImportWorld, import_: Import, section: int) -> None:
    world.machine.write_results(SectionEvent(tenant_id=TENANT, import_id=import_.import_id, attempt=1, task=section))


def test_sections_that_are_there_are_not_asked_for_again() -> None:
    world, import_ = at_its_end()
    first = finish(world, import_)
    write_section(world, import_, 1)

    again = finish(world, import_)

    assert (first.route, len(first.tasks)) == (ImportRoute.WRITE_RESULTS, first.tasks[-1] + 1)
    assert again.tasks == tuple(section for section in first.tasks if section != 1)
    assert world.get(import_).status is Status.PROCESSING


def test_an_import_whose_sections_are_missing_is_not_ended_by_a_request() -> None:
    world, import_ = at_its_end()

    with pytest.raises(Retryable):
        world.machine.end(import_, EndReason(Status.COMPLETED))

    assert world.get(import_).status is Status.PROCESSING


def test_a_section_of_an_import_that_has_ended_writes_nothing() -> None:
    world, import_ = at_its_end()
    for section in finish(world, import_).tasks:
        write_section(world, import_, section)
    assert finish(world, import_).route == ImportRoute.DONE
    pieces = Workspace(world.stores.files, import_, attempt_id="").result_pieces
    world.stores.files.delete_files(pieces.key_of(0, ResultFile.UPLOAD_CSV))

    write_section(world, import_, 0)

    assert world.get(import_).status is Status.COMPLETED
    assert world.stores.files.find_file(pieces.key_of(0, ResultFile.UPLOAD_CSV)) is None


class CountedFiles(MemoryFiles):
    """Counts how often the work of batches is read."""

    def __init__(self) -> None:
        super().__init__(clock=lambda: 0.0)
        self.reads: Counter[str] = Counter()

    def read_file(self, key: str) -> bytes:
        self.reads.update(key.split("/")[4:6])
        return super().read_file(key)


def test_the_last_function_reads_no_batch() -> None:
    world, files = ImportWorld(limits=IN_SECTIONS), CountedFiles()
    world.stores = replace(world.stores, files=files)
    world.machine = replace(world.machine, stores=world.stores)
    import_ = world.queue(source(5))
    machine, event = world.machine, Event(tenant_id=TENANT, import_id=import_.import_id, attempt=1)
    machine.plan(event)
    machine.run_phases(event)
    sections = finish(world, import_).tasks
    for section in sections:
        write_section(world, import_, section)
    files.reads.clear()

    assert finish(world, import_).route == ImportRoute.DONE

    assert not {"rows", "drafts", "fields", "outcomes"} & {*files.reads}
    assert world.get(import_).status is Status.COMPLETED


def canceled(limits: Limits) -> tuple[ImportWorld, Import]:
    """An import that was canceled before it wrote its first record."""
    world = ImportWorld(limits=limits)
    import_ = world.queue(source(1))
    run_phases(started_context(world, import_), until=PhaseName.VALIDATION)
    assert world.stores.imports.change(TENANT, import_.import_id, ImportChange(to=Status.CANCELING, at=1))
    for section in finish(world, import_, stopped_by=CANCELED).tasks:
        write_section(world, import_, section)
    finish(world, import_, stopped_by=CANCELED)
    return world, world.get(import_)


def test_a_canceled_import_has_the_rows_that_it_did_not_come_to() -> None:
    in_sections, in_one = canceled(IN_SECTIONS), canceled(IN_ONE)

    assert in_sections[1].status is Status.CANCELED
    assert in_sections[1].stats == in_one[1].stats
    assert ResultFile.UNPROCESSED_CSV in files_of(*in_sections)
    assert files_of(*in_sections) == files_of(*in_one)


def test_the_shipped_machine_ends_an_import_in_sections() -> None:
    world = ImportWorld(limits=IN_SECTIONS)
    import_ = world.queue(source(2))

    run_import(world.machine, import_)

    assert world.get(import_).status is Status.COMPLETED
    assert world.stores.files.list_keys(f"work/{TENANT}/{import_.import_id}/1/result_pieces/")
