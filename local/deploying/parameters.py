"""The parameters of a stack, as an operator gives them: `Name=value` words, or a JSON file, or both.

What is not given stays as the stack has it; in a new stack it is the template's default, but for the account's Lambda
concurrency, which is asked for: a reservation that an account does not have fails the whole deployment.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from local.deploying.cloudformation_stack import ROLLED_BACK, Parameters
from local.template import Template

CONCURRENCY = "AccountConcurrency"
DEPLOYMENT = "Deployment"
STAGE = "Stage"
OURS = frozenset([DEPLOYMENT, STAGE])
"""What no operator gives."""
DIGITS = 10
"""How many of them SAM puts into the logical ids of versions, from the beginning of the name of a deployment."""


def read_parameters(words: Sequence[str], template: Template) -> dict[str, str]:
    """Returns what the words say; of what is said twice, the last. Raises SystemExit where one is no parameter of the
    template, or a file cannot be read.
    """
    given: dict[str, str] = {}
    for word in words:
        name, is_assignment, value = word.partition("=")
        given |= {name: value} if is_assignment else _in_file(Path(word))
    unknown = given.keys() - template["Parameters"].keys() | given.keys() & OURS
    if unknown:
        known = ", ".join(sorted(template["Parameters"].keys() - OURS))
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


def name_deployment(wanted: Parameters, fingerprint: str, before: Mapping[str, Any] | None) -> str:
    """Returns the name of a deployment: that of the last one where neither the package nor the value of a parameter
    differs, so that nothing is published anew. Once an update was rolled back, the next one begins with other digits:
    Lambda does not publish again what is left of the first.
    """
    described = before or {}
    had = {one["ParameterKey"]: one.get("ParameterValue", "") for one in described.get("Parameters", [])}
    values = {name: had[name] if value is None else value for name, value in wanted.items() if name != DEPLOYMENT}
    content = _digits([fingerprint, *sorted(values.items())])
    if described.get("StackStatus") == ROLLED_BACK:
        return _digits([content, str(described.get("LastUpdatedTime"))]) + content
    return had[DEPLOYMENT] if had.get(DEPLOYMENT, "").endswith(content) else _digits([content]) + content


def _digits(values: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:DIGITS]


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
