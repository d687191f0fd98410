"""The parameters of a stack, as an operator gives them: `Name=value` words, or a JSON file, or both.

What is not given stays as the stack has it; in a new stack it is the template's default, but for the account's Lambda
concurrency, which is asked for: a reservation that an account does not have fails the whole deployment.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from local.deploying.cloudformation_stack import Parameters
from local.template import Template

CONCURRENCY = "AccountConcurrency"
STAGE = "Stage"


def read_parameters(words: Sequence[str], template: Template) -> dict[str, str]:
    """Returns what the words say; of what is said twice, the last. Raises SystemExit where one is no parameter of the
    template, or a file cannot be read.
    """
    given: dict[str, str] = {}
    for word in words:
        name, is_assignment, value = word.partition("=")
        given |= {name: value} if is_assignment else _in_file(Path(word))
    unknown = given.keys() - template["Parameters"].keys() | given.keys() & {STAGE}
    if unknown:
        known = ", ".join(sorted(template["Parameters"].keys() - {STAGE}))
        raise SystemExit(f"{', '.join(sorted(unknown))}: no such parameter. There are: {known}.")
    return given


def complete_parameters(
    given: Mapping[str, str], template: Template, stage: str, before: Mapping[str, Any] | None
) -> Parameters:
    """Returns the value of each parameter, or None for what the stack has; `before` is the stack as CloudFormation
    describes it, None for a new one.
    """
    kept = {one["ParameterKey"] for one in (before or {}).get("Parameters", [])} & template["Parameters"].keys()
    return {**dict.fromkeys(kept), **given, STAGE: stage}


def largest_concurrency(account: int, template: Template) -> str:
    """Returns the value of `AccountConcurrency` for an account of so much: the next smaller one, or the smallest."""
    values: Iterable[int] = map(int, template["Parameters"][CONCURRENCY]["AllowedValues"])
    offered = sorted(values)
    return str(max((one for one in offered if one <= account), default=offered[0]))


def _in_file(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise SystemExit(f"{path} is no JSON file of parameters, and no Name=value: {error}") from None
    if not isinstance(found, dict):
        raise SystemExit(f"{path} must hold an object: a value by the name of each parameter.")
    return {name: one if isinstance(one, str) else json.dumps(one) for name, one in found.items()}
