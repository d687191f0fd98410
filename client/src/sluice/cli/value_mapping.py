"""What words of a file mean for fields with choices, and for those that are true or false: `--value-mapping`.

In go `FIELD:FROM=TO`, or the name of a JSON file; out comes a value mapping as the library takes it.
"""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from sluice.import_options import ValueMapping
from sluice.models.records import Resource

_WORD = re.compile(r"(\w+):(.+)=([^=]+)", re.DOTALL)
_FORM = 'FIELD:FROM=TO, such as status:paused=inactive, or a JSON file, {"status": {"paused": "inactive"}}'
_TRUTH = {"true": True, "false": False}
BOOLEAN = "boolean"


def value_mapping_of(texts: Iterable[str], resource: Resource) -> dict[str, dict[str, str | bool]]:
    """Returns what the texts say, those behind before those in front. Raises BadParameter for what says nothing."""
    mapping: ValueMapping = {}
    for text in texts:
        mapping = both(mapping, _stated(text, resource))
    return {name: dict(words) for name, words in mapping.items()}


def both(mapping: ValueMapping, other: ValueMapping) -> ValueMapping:
    """Returns the words of two mappings; the second goes before."""
    return {name: {**mapping.get(name, {}), **other.get(name, {})} for name in [*mapping, *other]}


def meant(word: str, field: str, resource: Resource) -> str | bool:
    """Returns what a word of the command line says of a field: true or false where the field is."""
    is_boolean = any(one.name == field and one.type == BOOLEAN for one in resource.fields)
    return _TRUTH.get(word, word) if is_boolean else word


def _stated(text: str, resource: Resource) -> ValueMapping:
    found = _WORD.fullmatch(text)
    if found:
        field, word, means = found.groups()
        return {field: {word: meant(means, field, resource)}}
    return _of_file(Path(text))


def _of_file(path: Path) -> ValueMapping:
    try:
        mapping = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise click.BadParameter(f"{path}: {error.strerror or error}. Say {_FORM}.") from None
    except ValueError as error:
        raise click.BadParameter(f"{path} is no JSON: {error}. Say {_FORM}.") from None
    if not _is_mapping(mapping):
        raise click.BadParameter(f"{path} says of no field what its words mean. Say {_FORM}.")
    return mapping  # type: ignore[no-any-return]  # it has been looked at


def _is_mapping(given: Any) -> bool:
    return isinstance(given, Mapping) and all(
        isinstance(words, Mapping) and all(isinstance(one, str | bool) for one in words.values())
        for words in given.values()
    )
