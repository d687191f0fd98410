"""The packaged template, finished: the state machine put in, the stage named, anchors gone.

In goes the YAML that `chalice package` writes, with anchors that CloudFormation refuses; out comes plain JSON.
Maps are distributed, so that each task is an execution with a history of its own (one history ends at 25,000 events);
the few tasks that run on this machine are inline, which is quicker. A number that a parameter decides stands in
`statemachine/import.asl.json` as a text, `"${MaxConcurrency}"`, so that the file stays JSON; it loses its quotation
marks here, because a substitution only replaces text.
"""

import json
import re
from pathlib import Path
from typing import Any

import yaml

NUMBERS = re.compile(r'"(?P<key>MaxConcurrency)":\s*"(?P<value>\$\{\w+\})"')

LOCAL_STAGE = "local"

Template = dict[str, Any]


def finish_template(merged: str, definition: str, stage: str) -> Template:
    template: Template = yaml.safe_load(merged)
    template["Parameters"]["Stage"]["Default"] = stage
    template["Resources"]["ImportMachine"]["Properties"]["DefinitionString"] = to_definition_string(definition, stage)
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
