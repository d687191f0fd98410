"""The packaged template by its effect: what there is, what starts it, what it may do; not how it is called inside.

A resource is named by its type and a number, which follows from what it consists of and refers to; resources that are
alike in all of that share a number. What is left out is named in `UNSEEN`.
"""

import difflib
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import product
from typing import Any

from local.package import template_of
from tests.snapshots.references import plain

Json = dict[str, Any]
Names = Mapping[str, str]

UNSEEN = {"CodeUri", "Description", "Handler", "PolicyName", "Runtime", "Sid", "Tags", "Version"}
"""How the code is packed, by which Python, and the names and comments of what takes effect without them."""
IN_GRAPHS = {"DefinitionString", "DefinitionSubstitutions"}
ROUNDS = 4
"""So often names are made from what the resources referred to are named; then nothing is told apart any further."""


def stack(stage: str) -> Json:
    template, names = template_of_stage(stage), names_of(stage)
    resources = [(names[name], _normalised(one, names)) for name, one in template["Resources"].items()]
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    return {
        "conditions": plain(template["Conditions"], names),
        "environment": sorted(json.dumps(plain(one, names)) for one in variables.values()),
        "outputs": plain(template["Outputs"], names),
        "parameters": _without(template["Parameters"], UNSEEN),
        "resources": sorted(({"name": name, **one} for name, one in resources), key=json.dumps),
    }


def stage_difference(usual: str, other: str) -> list[str]:
    """Returns the lines of one stage that are not in the other, each with the sign of a diff."""
    one, two = (json.dumps(stack(stage), indent=1, sort_keys=True).splitlines() for stage in (usual, other))
    lines = difflib.unified_diff(one, two, n=0, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


@cache
def template_of_stage(stage: str) -> Json:
    return template_of(stage)


@cache
def names_of(stage: str) -> Names:
    """By logical id, a name that follows from the effect."""
    resources = template_of_stage(stage)["Resources"]
    names: Names = {name: _kind(one) for name, one in resources.items()}
    for _ in range(ROUNDS):
        names = _numbered(resources, names)
    return names


def _numbered(resources: Json, names: Names) -> Names:
    texts = {
        name: f"{_kind(one)} {json.dumps(_normalised(one, names), sort_keys=True)}" for name, one in resources.items()
    }
    order = sorted(set(texts.values()))
    first = {kind: sum(text < kind for text in order) for kind in map(_kind, resources.values())}
    return {name: f"{_kind(one)}{order.index(texts[name]) - first[_kind(one)] + 1}" for name, one in resources.items()}


def _kind(resource: Json) -> str:
    return str(resource["Type"]).rpartition("::")[2]


def _normalised(resource: Json, names: Names) -> Json:
    shown: Json = _effect(plain(_without(resource, UNSEEN | IN_GRAPHS), names))
    return shown


def _effect(value: Any) -> Any:
    """Statements become lines, one for each action and resource; routes become lines; names of events go."""
    if isinstance(value, list):
        return [_effect(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _SPECIAL.get(name, _effect)(one) for name, one in value.items()}


def _each_right(statement: Json) -> Iterator[str]:
    rest = {name: one for name, one in statement.items() if name not in {"Action", "Effect", "Resource"}}
    ending = f" {json.dumps(rest, sort_keys=True)}" if rest else ""
    actions, resources = (_listed(statement.get(name, "")) for name in ("Action", "Resource"))
    for action, resource in product(actions, resources):
        yield f"{statement['Effect']} {action} {resource}".rstrip() + ending


def _each_method(paths: Json) -> Iterator[str]:
    for path, methods in paths.items():
        for method, one in methods.items():
            yield f"{method.upper()} {path} {' '.join(sorted(one.get('consumes', [])))}".rstrip()


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _without(value: Any, left_out: set[str]) -> Any:
    if isinstance(value, list):
        return [_without(one, left_out) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _without(one, left_out) for name, one in value.items() if name not in left_out}


_SPECIAL: Mapping[str, Callable[[Any], Any]] = {
    "Events": lambda events: sorted(map(_effect, events.values()), key=json.dumps),
    "Statement": lambda statements: sorted(line for one in statements for line in _each_right(one)),
    "paths": lambda paths: sorted(_each_method(paths)),
}
"""Parts of resources that are shown in a way of their own."""
