"""The files of an import cannot harm a spreadsheet, and can be uploaded again as they are."""

import csv
import io

import orjson
import pytest

from chalicelib.imports.result_files import ERRORS, UPLOAD
from chalicelib.model.guard_rails import GuardRails
from chalicelib.model.imports import Import
from chalicelib.model.limits import Limits
from chalicelib.model.object_keys import ResultFile, result_key
from tests.import_world import TENANT, ImportWorld

SOURCE = """=name,email,notes
Ann,=wrong,"''=1		"
Ben,ben@example.com,=1+1
Cem,+wrong,-5
"""
ALWAYS = (*UPLOAD, *ERRORS)
"""The files of an import that has come to its end and has rejected rows."""
MAPPING = {"name": "=name"}


def read_csv(world: ImportWorld, import_id: str, file: ResultFile) -> tuple[bytes, list[list[str]]]:
    content = world.stores.files.read_file(result_key(TENANT, import_id, file))  # type: ignore[arg-type] # an id
    return content, list(csv.reader(io.StringIO(content.decode(), newline="")))


def test_rejected_rows_are_disarmed_and_armed_when_they_are_uploaded_again() -> None:
    world = ImportWorld()
    first = world.run(SOURCE, column_mapping=MAPPING)

    content, rows = read_csv(world, first.import_id, ResultFile.ERRORS_CSV)
    second = world.run(content, column_mapping=MAPPING)

    assert [row[:3] for row in rows] == [
        ["'=name\t", "email", "notes"],
        ["Ann", "'=wrong\t", "''=1\t\t"],
        ["Cem", "'+wrong\t", "-5"],
    ]
    assert [[one[name] for name in ("=name", "email", "notes")] for one in world.errors(second)] == [
        ["Ann", "=wrong", "'=1\t"],
        ["Cem", "+wrong", "-5"],
    ]


@pytest.mark.parametrize("file", [ResultFile.ERRORS_CSV, ResultFile.UPLOAD_CSV])
def test_no_cell_of_a_file_begins_like_a_formula(file: ResultFile) -> None:
    world = ImportWorld()
    import_ = world.run(SOURCE, column_mapping=MAPPING)

    _, rows = read_csv(world, import_.import_id, file)

    suspects = [cell for row in rows for cell in row if cell[:1] in ("=", "+", "@", "\t")]
    assert len(rows) > 2
    assert suspects == []


def test_the_upload_imports_again_unchanged() -> None:
    world = ImportWorld()
    first = world.run(SOURCE, column_mapping=MAPPING)

    content, _ = read_csv(world, first.import_id, ResultFile.UPLOAD_CSV)
    again = world.run(content, column_mapping=MAPPING)

    assert (again.stats.unchanged, again.stats.failed) == (1, 2)


def test_files_of_many_batches_are_those_of_one() -> None:
    lines = [f"person {n},{'wrong' if n % 7 == 3 else f'p{n}@example.com'},=n{n}" for n in range(2_500)]
    source = "name,email,notes\n" + "\n".join(lines)
    one, many = ImportWorld(), ImportWorld(limits=Limits(batch_rows=300))

    whole, parts = one.run(source), many.run(source)

    for file in ALWAYS:
        written = [
            world.stores.files.read_file(result_key(TENANT, import_.import_id, file))
            for world, import_ in ((one, whole), (many, parts))
        ]
        assert written[0] == written[1]
    assert [row["_row_number"] for row in many.errors(parts)] == [n + 1 for n in range(2_500) if n % 7 == 3]


def test_a_source_without_rows_leaves_empty_files() -> None:
    world = ImportWorld()

    import_ = world.run("name,email\n")

    csv_key, json_key = (
        result_key(TENANT, import_.import_id, one) for one in (ResultFile.UPLOAD_CSV, ResultFile.UPLOAD_JSON)
    )
    assert world.stores.files.read_file(csv_key) == b"name,email\r\n"
    assert world.stores.files.read_file(json_key) == b"[\n]\n"


@pytest.mark.parametrize("limits", [Limits(), Limits(small_source_bytes=0, split_bytes=64)], ids=["whole", "in splits"])
def test_rows_that_were_not_processed_tell_the_line_on_which_they_begin(limits: Limits) -> None:
    world = ImportWorld(limits=limits)
    source = 'name,email,notes\nAnn,ann@x.com,"1\n2"\nBob,wrong,\n\n' + "Cy,cy@example.com,\n" * 9

    import_ = world.run(source, guard_rails=GuardRails(all_or_nothing=True), duplicate_handling="use_first")

    _, [header, *rows] = read_csv(world, import_.import_id, ResultFile.UNPROCESSED_CSV)
    number, line = header.index("_row_number"), header.index("_line")
    assert [(row[number], row[line]) for row in rows][:3] == [("1", "2"), ("3", "6")]
    written = world.stores.files.read_file(result_key(TENANT, import_.import_id, ResultFile.UNPROCESSED_JSON))
    assert [(one["_row_number"], one["_line"]) for one in orjson.loads(written)] == [(1, 2), (3, 6)]


def test_an_import_that_keeps_no_upload_leaves_its_errors_alone() -> None:
    world = ImportWorld()

    import_ = world.run(SOURCE, column_mapping=MAPPING, save_upload=False)

    keys = {one: result_key(TENANT, import_.import_id, one) for one in ResultFile}
    found = {one for one, key in keys.items() if world.stores.files.find_file(key)}
    assert found == {ResultFile.ERRORS_CSV, ResultFile.ERRORS_JSON}


def sizes_of(world: ImportWorld, import_: Import) -> dict[str, int]:
    """Returns the bytes of each file for each row of the source."""
    keys = {file.value: result_key(TENANT, import_.import_id, file) for file in ALWAYS}
    return {name: len(world.stores.files.read_file(key)) // import_.stats.total for name, key in keys.items()}


def test_rows_with_ever_other_keys_take_as_much_as_they_give() -> None:
    world = ImportWorld()
    rows = "".join(f'{{"k{number % 1_000}":1}}\n' for number in range(2_000))

    import_ = world.run('{"email":"a@x.com"}\n' + rows)

    sizes = sizes_of(world, import_)
    assert max(sizes["upload.csv"], sizes["upload.json"]) < 30
    assert max(sizes["errors.csv"], sizes["errors.json"]) < 500
    _, [header, first, second, *_] = read_csv(world, import_.import_id, ResultFile.UPLOAD_CSV)
    assert (header, first, second) == (["email", "(other keys)"], ["a@x.com", ""], ["", '{"k0":1}'])


def test_keys_that_feed_a_field_keep_their_columns_among_many() -> None:
    world = ImportWorld(limits=Limits(json_columns=2))

    import_ = world.run('[{"x":1,"name":"Ann","email":"wrong"},{"name":"Bob","y":null}]')

    _, lines = read_csv(world, import_.import_id, ResultFile.UPLOAD_CSV)
    assert lines == [["name", "email", "(other keys)"], ["Ann", "wrong", '{"x":1}'], ["Bob", "", '{"y":null}']]
    content, _ = read_csv(world, import_.import_id, ResultFile.ERRORS_CSV)
    assert world.run(content).stats.failed == 1


def test_rows_that_leave_out_cells_take_no_more_than_they_give() -> None:
    world = ImportWorld()
    header = "name,email," + ",".join(f"c{number}" for number in range(1_000))

    import_ = world.run(header + "\n" + "a\n" * 2_000)

    sizes = sizes_of(world, import_)
    assert (sizes["upload.csv"], sizes["upload.json"]) < (10, 20)
    assert sizes["errors.json"] < 500
    assert sizes["errors.csv"] < 1_500, "a line is as wide as the header line"
    assert world.errors(import_)[0]["name"] == "a"


def test_an_errors_file_of_corrections_names_the_import_that_the_rows_first_came_from() -> None:
    world = ImportWorld()
    first = world.run(SOURCE)

    content, _ = read_csv(world, first.import_id, ResultFile.ERRORS_CSV)
    second = world.run(content)

    for import_ in (first, second):
        _, rows = read_csv(world, import_.import_id, ResultFile.ERRORS_CSV)
        column = rows[0].index("_import")
        assert {row[column] for row in rows[1:]} == {first.import_id}
