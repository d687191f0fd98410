"""References within a template, as texts such as `${Table1.Arn}`, under whatever names resources are given.

A store that a parameter may replace is followed by what the parameter names: `${Table1} or ${UseControlTable}`.
"""

import re
from collections.abc import Mapping
from typing import Any

from local.existing_stores import MAKES, STORES

PLACEHOLDER = re.compile(r"\$\{(\w+)(?=[.}])")


def plain(value: Any, names: Mapping[str, str]) -> Any:
    """The value with texts for `Ref`, `Fn::GetAtt` and `Fn::Sub`; variables of a `Fn::Sub` are put in place."""
    if isinstance(value, str):
        return PLACEHOLDER.sub(lambda found: f"${{{names.get(found[1], found[1])}", value)
    if isinstance(value, list):
        return [plain(one, names) for one in value]
    if isinstance(value, dict):
        text = _text_of(value)
        return {name: plain(one, names) for name, one in value.items()} if text is None else plain(text, names)
    return value


def filled(text: str, variables: Mapping[str, str]) -> str:
    for name, one in variables.items():
        text = text.replace(f"${{{name}}}", one)
    return text


def _text_of(value: Mapping[str, Any]) -> str | None:
    """None if it is no reference."""
    match value:
        case {"Ref": str(name)}:
            return f"${{{name}}}"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"${{{name}.{attribute}}}"
        case {"Fn::Sub": str(text)}:
            return text
        case {"Fn::Sub": [text, variables]}:
            return filled(text, plain(variables, {}))
        case {"Fn::If": [str(condition), made, named]} if condition.removeprefix(MAKES) in STORES:
            return f"{_text_of(made)} or {_text_of(named)}"
    return None
