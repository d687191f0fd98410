"""The document as requests are made of it: names of things stand for what is there, for random ones lead nowhere.

The document is the closed one, so that a field that nobody documented is an answer outside of it.
"""

import copy
from typing import Any

import schemathesis
from schemathesis.checks import CheckFunction
from schemathesis.specs.openapi import checks

from tests.telling import closed_document

METHODS = {"get", "put", "post", "delete", "patch", "options"}
"""Tried where they are not documented."""

UNKNOWABLE: list[CheckFunction] = [checks.positive_data_acceptance]
"""What fits a schema may still be refused: a mapping that names no field, a file that is none."""

STAND_INS = {"team_id": "a-team", "import_id": "an-import", "record_id": "a-record"}
"""Path parameters, and what is replaced by something that is there."""


def fuzzed_document() -> Any:
    whole = copy.deepcopy(closed_document())
    for methods in whole["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", []):
                _narrow(parameter)
    whole["paths"] = {path: methods for path, methods in whole["paths"].items() if not _is_open(methods)}
    schema = schemathesis.openapi.from_dict(whole)
    schema.config.phases.coverage.unexpected_methods = METHODS
    return schema


def _narrow(parameter: dict[str, Any]) -> None:
    if parameter["name"] in STAND_INS:
        word = STAND_INS[parameter["name"]]
        parameter |= {"schema": {"type": "string", "enum": [word]}, "example": word}
    if parameter.get("allowEmptyValue"):
        parameter["schema"] = {"anyOf": [parameter["schema"], {"const": ""}]}


def operation_tag(case: Any) -> str:
    """The dialect."""
    return str(case.operation.definition.raw["tags"][0])


def _is_open(methods: Any) -> bool:
    """Without a key, parameters and a body there is nothing to try."""
    return all(operation.get("security") == [] and "requestBody" not in operation for operation in methods.values())
