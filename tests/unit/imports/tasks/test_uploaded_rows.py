"""A split of an uploaded file, as prevalidation takes rows from it: what is told of it once, and by whom."""

from dataclasses import replace

import pytest

from chalicelib.errors import Fatal
from chalicelib.imports.tasks.uploaded_rows import BlockWatcher, open_upload
from chalicelib.model.imports import Import
from chalicelib.model.limits import Limits
from chalicelib.model.object_keys import ResultFile, result_key
from chalicelib.model.problem_codes import ProblemCode
from tests.import_world import TENANT, ImportWorld
from tests.task_contexts import started_context

IN_SPLITS = Limits(small_source_bytes=0, split_bytes=60)


def codes(import_: Import) -> list[str]:
    return [one.code for one in import_.findings]


def test_a_header_that_comes_twice_is_told_once() -> None:
    for limits in (Limits(), IN_SPLITS):
        import_ = ImportWorld(limits).run("name,email,name\n" + "Ann,ann@x.com,Anna\n" * 9)

        assert codes(import_).count(ProblemCode.HEADER_DUPLICATE) == 1


def test_a_row_of_totals_at_the_end_is_told_by_the_split_that_has_it() -> None:
    rows = [f"Ann {n},ann{n}@x.com\n" for n in range(9)]

    plain = ImportWorld(IN_SPLITS).run("name,email\n" + "".join(rows))
    summed = ImportWorld(IN_SPLITS).run("name,email\n" + "".join(rows) + "Total,\n")

    assert len(codes(summed)) == len(codes(plain)) + 1


def test_the_mapping_of_an_errors_file_is_that_of_the_import_it_comes_from_unless_it_states_its_own() -> None:
    world = ImportWorld()
    first = world.run("Kunde,email\nAnn,wrong\n", column_mapping={"name": "Kunde"})
    errors = world.stores.files.read_file(result_key(TENANT, first.import_id, ResultFile.ERRORS_CSV))
    corrected = errors.replace(b"wrong", b"ann@x.com")

    again = world.run(corrected)
    other = world.run(corrected.replace(b"ann@", b"bob@"), column_mapping={"company": "Kunde"})

    assert (again.stats.created, other.stats.failed) == (1, 1)
    assert [one.fields["name"] for one in world.records()] == ["Ann"]
    assert ("Kunde", "name") in [(one.header, one.field) for one in again.columns]


def test_keys_of_a_mapping_that_holds_on_keep_their_columns_in_the_files() -> None:
    world = ImportWorld(Limits(json_columns=2))
    first = world.run('[{"Kunde":"Ann","email":"wrong"}]', column_mapping={"name": "Kunde"})
    errors = world.stores.files.read_file(result_key(TENANT, first.import_id, ResultFile.ERRORS_JSON))

    again = world.run(errors)

    assert again.stats.failed == 1
    upload = world.stores.files.read_file(result_key(TENANT, again.import_id, ResultFile.UPLOAD_CSV))
    assert b"Kunde" in upload.splitlines()[0]


def test_identities_in_the_header_line_are_told_by_the_first_split_alone() -> None:
    world = ImportWorld(IN_SPLITS)
    source = "name,email,bob@x.com\n" + "Ann,ann@x.com,\n" * 9
    context = started_context(world, world.queue(source, action="overwrite"))

    told = []
    for split in (0, 1):
        with open_upload(context, split) as rows:
            told.append(bool([*rows.mentioned_keys]))

    assert told == [True, False]


def test_an_import_without_a_source_cannot_be_read() -> None:
    world = ImportWorld()
    context = started_context(world, world.queue("name\nAnn\n"))
    context = replace(context, import_=replace(context.import_, source=None))

    with pytest.raises(Fatal, match="no source"), open_upload(context, 0):
        pass


def test_a_source_without_rows_has_no_totals() -> None:
    watcher = BlockWatcher([])

    assert ([*watcher.each_block()], watcher.findings()) == ([], [])
