"""The packaged template, finished: the state machines put in, the stage named, anchors gone.

In goes the YAML that `chalice package` writes, with anchors that CloudFormation refuses; out comes plain JSON.
Maps are distributed, so that each task is an execution with a history of its own (one history ends at 25,000 events);
the few tasks that run on this machine are inline, which is quicker. A number that a parameter decides stands in
`statemachine/*.asl.json` as a text, `"${MaxConcurrency}"`, so that the file stays JSON; it loses its quotation
marks here, because a substitution only replaces text.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

NUMBERS = re.compile(r'"(?P<key>MaxConcurrency)":\s*"(?P<value>\$\{\w+\})"')

LOCAL_STAGE = "local"

Template = dict[str, Any]


MACHINES = {"ImportMachine": "import.asl.json", "ExportMachine": "export.asl.json"}
"""Files of `statemachine/`, by the logical id of the machine."""


def read_definitions(root: Path) -> dict[str, str]:
    return {machine: (root / "statemachine" / name).read_text() for machine, name in MACHINES.items()}


def finish_template(merged: str, definitions: Mapping[str, str], stage: str) -> Template:
    template: Template = yaml.safe_load(merged)
    template["Parameters"]["Stage"]["Default"] = stage
    for machine, definition in definitions.items():
        properties = template["Resources"][machine]["Properties"]
        properties["DefinitionString"] = to_definition_string(definition, stage)
    return template


def to_definition_string(definition: str, stage: str) -> str:
    """The state machine's JSON without blanks, with bare numbers' placeholders."""
    decode = _inlined if stage == LOCAL_STAGE else dict
    compact = json.dumps(json.loads(definition, object_hook=decode), separators=(",", ":"))
    return NUMBERS.sub(r'"\g<key>":\g<value>', compact)


def _inlined(part: dict[str, Any]) -> dict[str, Any]:
    return part | {"ProcessorConfig": {"Mode": "INLINE"}} if "ProcessorConfig" in part else part


def write_template(template: Template, path: Path) -> None:
    path.write_text(json.dumps(template, indent=1) + "\n")
