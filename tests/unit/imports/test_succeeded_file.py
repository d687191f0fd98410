"""What came to a good end is told with its records, and what was not reached can be uploaded again."""

import csv
from io import StringIO

import orjson

from chalicelib.errors import NotFound
from chalicelib.imports.finalize import finalize
from chalicelib.imports.pipeline import run_phases
from chalicelib.imports.succeeded_file import SucceededFile
from chalicelib.model.ids import RecordId
from chalicelib.model.imports import Import, Status
from chalicelib.model.limits import Limits
from chalicelib.model.object_keys import ResultFile, result_key
from chalicelib.model.phases import PhaseName
from chalicelib.model.rows import Outcome, RowOutcome
from chalicelib.model.stop_reasons import EndReason
from tests.import_world import TENANT, ImportWorld
from tests.task_contexts import started_context

SOURCE = "name,email\nAnn,ann@x.com\nBen,wrong\nCem,cem@x.com\n"


def read(world: ImportWorld, import_: Import, file: ResultFile) -> str | None:
    try:
        return world.stores.files.read_file(result_key(TENANT, import_.import_id, file)).decode()
    except NotFound:
        return None


def lines_of(text: str | None) -> list[list[str]]:
    return list(csv.reader(StringIO(text or "", newline="")))


def test_rows_that_succeeded_stand_there_with_their_records() -> None:
    world = ImportWorld()

    import_ = world.run(SOURCE)

    ids = {str(one.fields["name"]): one.record_id for one in world.records()}
    assert lines_of(read(world, import_, ResultFile.SUCCEEDED_CSV)) == [
        ["name", "email", "_row_number", "_line", "_outcome", "_record_id"],
        ["Ann", "ann@x.com", "1", "2", "created", ids["Ann"]],
        ["Cem", "cem@x.com", "3", "4", "created", ids["Cem"]],
    ]
    assert orjson.loads(read(world, import_, ResultFile.SUCCEEDED_JSON) or "") == [
        {
            "name": name,
            "email": email,
            "_row_number": row,
            "_line": row + 1,
            "_outcome": "created",
            "_record_id": ids[name],
        }
        for row, name, email in ((1, "Ann", "ann@x.com"), (3, "Cem", "cem@x.com"))
    ]
    assert read(world, import_, ResultFile.UNPROCESSED_CSV) is None


def test_too_many_rows_are_told_by_their_listing_alone() -> None:
    world = ImportWorld(limits=Limits(succeeded_rows=1))

    assert read(world, world.run(SOURCE), ResultFile.SUCCEEDED_CSV) is None


def test_nothing_is_kept_of_what_was_given_where_the_upload_is_not_kept() -> None:
    world = ImportWorld()

    assert read(world, world.run(SOURCE, save_upload=False), ResultFile.SUCCEEDED_CSV) is None


def test_rows_that_were_not_reached_are_uploaded_again_as_they_are() -> None:
    world = ImportWorld()
    context = started_context(world, world.queue(SOURCE))
    run_phases(context, until=PhaseName.VALIDATION)

    finalize(context, EndReason(Status.TIMED_OUT, "timed_out"))
    content = read(world, context.import_, ResultFile.UNPROCESSED_CSV)
    again = world.run(content or "")

    assert [line[:2] for line in lines_of(content)] == [["name", "email"], ["Ann", "ann@x.com"], ["Cem", "cem@x.com"]]
    assert (again.stats.total, again.stats.created) == (2, 2)


def test_the_columns_of_an_errors_file_that_was_sent_again_are_not_told_twice() -> None:
    file = SucceededFile(["name", "_row_number", "_codes"])
    row = (["Ann", "7", "required"], RowOutcome(1, 2, Outcome.CREATED, RecordId("con_1")))

    assert file.header_line() == b"name,_row_number,_line,_outcome,_record_id\r\n"
    assert file.to_lines([row]) == b"Ann,1,2,created,con_1\r\n"


def test_a_column_of_the_source_stays_that_only_bears_a_name_of_ours() -> None:
    file = SucceededFile(["name", "_codes"])

    assert file.header_line() == b"name,_codes,_row_number,_line,_outcome,_record_id\r\n"
