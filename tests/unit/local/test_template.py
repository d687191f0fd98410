import json
from pathlib import Path

import pytest

from local.template import definitions_of, finish_template, to_definition_string, write_template

MERGED = """
Parameters: {Stage: &stage {Type: String}}
Resources:
  ImportMachine: {Properties: {Name: imports}}
  ExportMachine: {Properties: {Name: exports}}
Copy: *stage
"""


def test_a_number_that_a_parameter_decides_loses_its_quotation_marks() -> None:
    text = to_definition_string({"MaxConcurrency": "${Many}", "Comment": "${Text}"})

    assert text == '{"MaxConcurrency":${Many},"Comment":"${Text}"}'


@pytest.mark.parametrize(("stage", "is_distributed"), [("local", False), ("prod", True)])
def test_maps_are_distributed_but_on_this_machine(stage: str, is_distributed: bool) -> None:
    texts = [json.dumps(one) for one in definitions_of(stage).values()]

    assert [('"DISTRIBUTED"' in text) for text in texts] == [is_distributed] * 2


def test_a_finished_template_names_its_stage_and_holds_both_machines(tmp_path: Path) -> None:
    write_template(finish_template(MERGED, "dev"), tmp_path / "template.json")

    written = json.loads((tmp_path / "template.json").read_text())
    assert written["Parameters"]["Stage"] == {"Type": "String", "Default": "dev"} == written["Copy"]
    for machine in ("ImportMachine", "ExportMachine"):
        assert '"States"' in written["Resources"][machine]["Properties"]["DefinitionString"]
