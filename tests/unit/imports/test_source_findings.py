"""What an import tells of its source as a whole: the most telling first, and no more than is shown."""

from chalicelib.imports.source_findings import FINDINGS_SHOWN, HEADER_CHARACTERS
from chalicelib.model.limits import Limits
from tests.import_world import ImportWorld
from tests.undoing import UndoWorld

MOSTLY_UNKNOWN = "email,a,b,c,d\nann@x.com,Ann,+15551234567,3,4\n"


def test_what_explains_the_others_comes_first() -> None:
    done = ImportWorld().run(MOSTLY_UNKNOWN)

    assert [one.code.value for one in done.findings] == ["headers_mostly_unknown"] + ["header_unknown"] * 4


def test_a_source_whose_headers_are_known_is_not_suspected() -> None:
    done = ImportWorld().run("email,name,colour\nann@x.com,Ann,red\n")

    assert [one.code.value for one in done.findings] == ["header_unknown"]


def test_keys_of_json_rows_are_judged_as_headers_are() -> None:
    done = ImportWorld().run('[{"email": "ann@x.com", "a": 1, "b": 2, "c": 3, "d": 4, "e": 5}]')

    assert done.findings[0].code.value == "headers_mostly_unknown"
    assert [(one.header, one.field) for one in done.columns][:2] == [("email", "email"), ("a", None)]


def test_headers_are_judged_by_the_mapping_of_the_import() -> None:
    mapping = {"name": "a", "phone": "b", "notes": "c"}

    done = ImportWorld().run(MOSTLY_UNKNOWN, column_mapping=mapping)

    assert [one.code.value for one in done.findings] == ["header_unknown"]
    fed = {one.header: one.field for one in done.columns}
    assert fed == {"email": "email", "a": "name", "b": "phone", "c": "notes", "d": None}


def test_no_more_is_told_than_is_shown() -> None:
    headers = ["email", *(f"unknown {n} {'x' * HEADER_CHARACTERS}" for n in range(FINDINGS_SHOWN + 5))]
    world = ImportWorld(limits=Limits(columns_shown=7))

    done = world.run(",".join(headers) + "\nann@x.com\n")

    assert len(done.findings) == FINDINGS_SHOWN
    assert [one.header for one in done.columns] == [one[:HEADER_CHARACTERS] for one in headers[:7]]


def test_an_undo_has_no_source_of_its_own_to_tell_of() -> None:
    world = UndoWorld()
    import_ = world.run("email,name\nann@x.com,Ann\n")

    undone = world.undo(import_)

    assert (undone.stats.total, undone.findings, undone.columns) == (1, (), ())
