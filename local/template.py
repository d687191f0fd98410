"""The packaged template, finished: the state machine put in, the stage named, anchors gone.

In goes the YAML that `chalice package` writes, with anchors that CloudFormation refuses; out comes plain JSON.
A number that a parameter decides stands in `statemachine/import.asl.json` as a text, `"${MaxConcurrency}"`, so that the
file stays JSON; it loses its quotation marks here, because a substitution only replaces text.
"""

import json
import re
from pathlib import Path
from typing import Any

import yaml

NUMBERS = re.compile(r'"(?P<key>MaxConcurrency)":\s*"(?P<value>\$\{\w+\})"')

Template = dict[str, Any]


def finish_template(merged: str, definition: str, stage: str) -> Template:
    template: Template = yaml.safe_load(merged)
    template["Parameters"]["Stage"]["Default"] = stage
    template["Resources"]["ImportMachine"]["Properties"]["DefinitionString"] = to_definition_string(definition)
    return template


def to_definition_string(definition: str) -> str:
    """The state machine's JSON without blanks, with bare numbers' placeholders."""
    compact = json.dumps(json.loads(definition), separators=(",", ":"))
    return NUMBERS.sub(r'"\g<key>":\g<value>', compact)


def write_template(template: Template, path: Path) -> None:
    path.write_text(json.dumps(template, indent=1) + "\n")
