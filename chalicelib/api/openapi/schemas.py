"""JSON Schemas of request models and answers, with the docstrings below their fields as descriptions.

In come classes, out go schemas under names that no two dialects share. Schemas of answers are open, so that a field may
be added one day; `is_closed` makes those by which tests find a field that is not documented.
"""

import ast
import inspect
import json
import re
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from types import ModuleType
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from chalicelib.api.openapi.operation import DialectDescription, Json, SchemaType

COMPONENTS = "#/components/schemas/"


_REFERENCE = re.compile(rf'"{COMPONENTS}(\w+)"')


def referred_components(value: object, components: Mapping[str, Json]) -> dict[str, Json]:
    """Returns the components that a value refers to, and those that these refer to, by name in their order."""
    found: set[str] = set()
    texts = [json.dumps(value)]
    while texts:
        new = set(_REFERENCE.findall(texts.pop())) - found
        found |= new
        texts += [json.dumps(components[name]) for name in new]
    return {name: schema for name, schema in components.items() if name in found}


class Schemas:
    """The schemas of one dialect, in the order given; `components` are what they refer to, by name."""

    def __init__(self, description: DialectDescription, types: Iterable[SchemaType], *, is_closed: bool) -> None:
        prefix, distinct = description.name, list(dict.fromkeys(types))
        base = _ClosedSchemas if is_closed else _OpenSchemas
        generator = type("Generator", (base,), {"dialect": description.tag or description.name})
        made, shared = TypeAdapter.json_schemas(
            [(str(number), "validation", TypeAdapter(one)) for number, one in enumerate(distinct)],
            ref_template=f"{COMPONENTS}{prefix}{{model}}",
            schema_generator=generator,
        )
        self.components = {f"{prefix}{name}": schema for name, schema in shared.get("$defs", {}).items()}
        self._made = {one: made[(str(number), "validation")] for number, one in enumerate(distinct)}

    def of(self, type_: SchemaType) -> Json:
        """Returns the schema of one of the types given. Raises KeyError for others."""
        return self._made[type_]

    def properties_of(self, model: type[BaseModel]) -> tuple[Mapping[str, Json], frozenset[str]]:
        """Returns the properties of a flat model by name, and which of them are required."""
        schema = self.of(model)
        if "$ref" in schema:
            schema = self.components[schema["$ref"].removeprefix(COMPONENTS)]
        return schema.get("properties", {}), frozenset(schema.get("required", ()))


class _OpenSchemas(GenerateJsonSchema):
    """A generator of schemas without titles that repeat the name, with the docstrings of fields as descriptions."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    dialect = ""
    """How the names of its classes begin."""

    def none_schema(self, schema: Any) -> Json:
        """Returns the schema of what is always null. Generators of clients know no type of which null is the only
        value, so it is told as a text that may be null, and is.
        """
        return {"type": ["string", "null"], "const": None}

    def normalize_name(self, name: str) -> str:
        """Returns the name without the dialect's, which stands before it anyway."""
        return re.sub(rf"^(?i:{self.dialect})(?=[A-Z])", "", re.sub(r"\W+", "", name))

    def typed_dict_schema(self, schema: Any) -> Json:
        return _with_field_texts(super().typed_dict_schema(schema), schema["cls"], {})

    def model_schema(self, schema: Any) -> Json:
        cls = schema["cls"]
        aliases = {name: str(field.alias or name) for name, field in cls.model_fields.items()}
        return _with_field_texts(super().model_schema(schema), cls, aliases)


class _ClosedSchemas(_OpenSchemas):
    def typed_dict_schema(self, schema: Any) -> Json:
        return {"additionalProperties": False, **super().typed_dict_schema(schema)}


def _with_field_texts(schema: Json, cls: type, aliases: Mapping[str, str]) -> Json:
    """Returns the schema with a description for each field that has a text, and without a title.

    A field that is absent unless it is given has no default: null may mean something else, such as an empty value.
    """
    schema.pop("title", None)
    properties: dict[str, Json] = schema.get("properties", {})
    for one in properties.values():
        if one.get("default", "") is None:
            del one["default"]
    for name, text in field_texts(cls).items():
        found = properties.get(aliases.get(name, name))
        if found is not None:
            found.setdefault("description", text)
    return schema


def field_texts(cls: type) -> Mapping[str, str]:
    """Returns the text below each field, of the class and of those that it is made from."""
    texts: dict[str, str] = {}
    for one in reversed([cls, *getattr(cls, "__orig_bases__", ()), *cls.__mro__]):
        module = sys.modules.get(getattr(one, "__module__", ""))
        if module is not None and module.__name__.startswith("chalicelib"):
            texts |= _texts_in(module).get(getattr(one, "__name__", ""), {})
    return texts


@cache
def _texts_in(module: ModuleType) -> Mapping[str, Mapping[str, str]]:
    """Returns the texts of a module by class and field."""
    nodes = ast.walk(ast.parse(inspect.getsource(module)))
    return {node.name: _texts_of(node) for node in nodes if isinstance(node, ast.ClassDef)}


def _texts_of(node: ast.ClassDef) -> dict[str, str]:
    texts: dict[str, str] = {}
    for field, below in zip(node.body, node.body[1:], strict=False):
        is_text = isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and is_text:
            texts[field.target.id] = " ".join(inspect.cleandoc(str(below.value.value)).split())  # type: ignore[attr-defined]
    return texts
