"""What tasks hand to each other comes back as it was, with numbers of the whole source."""

from chalicelib.imports.workspace import Workspace
from chalicelib.model.phases import PhaseName
from chalicelib.model.rows import Draft, Fields
from chalicelib.stores import memory
from tests.import_world import ImportWorld

PHASE = PhaseName.VALIDATION


def test_fields_written_anew_are_given_to_the_drafts_of_their_rows() -> None:
    workspace = Workspace(memory.stores().files, ImportWorld().queue("name\n"), attempt_id="t")
    workspace.write_committed_attempts(PHASE, {0: "t"})
    fields: dict[int, Fields] = {number: {"name": f"N{number}"} for number in range(1, 2_502, 2)}
    workspace.write_fields(PHASE, 0, fields)

    drafts = [Draft(number, number + 1, {}, []) for number in fields]

    assert [one.fields for one in workspace.each_with_fields(PHASE, 0, drafts)] == [*fields.values()]
    assert workspace.row_pages.read_fields(PHASE, 0, {1, 2_001}) == {1: fields[1], 2_001: fields[2_001]}
