"""The OpenAPI document as it is served, with its schemas named by what they say.

A schema's name is a digest of it, with every schema that it refers to in place; where it contains itself, it is cut off
with how many schemas further up it began.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from chalice.app import Chalice
from chalice.test import Client

from chalicelib.api.dialects import openapi_document
from chalicelib.api.openapi.routes import documentation_routes

Json = dict[str, Any]

PLACE = "#/components/schemas/"


def document() -> Json:
    whole = _served()
    schemas: Json = whole["components"].pop("schemas")
    names = {name: _digest(_inlined(schema, schemas, (name,))) for name, schema in schemas.items()}
    whole["components"]["schemas"] = {names[name]: schema for name, schema in schemas.items()}
    renamed: Json = _with_references(whole, lambda name: names[name])
    return renamed


def _served() -> Json:
    app = Chalice("documented", configure_logs=False)
    app.register_blueprint(documentation_routes(lambda request: "https://api.example.com", openapi_document))
    whole: Json = json.loads(Client(app).http.get("/openapi.json").body)
    return whole


def _inlined(schema: Json, schemas: Json, above: tuple[str, ...]) -> Any:
    """Names a schema; `above` are the names of this schema and of those that contain it, the outermost first."""

    def found(name: str) -> Any:
        return len(above) - above.index(name) if name in above else _inlined(schemas[name], schemas, (*above, name))

    return _with_references(schema, found)


def _with_references(value: Any, replaced: Callable[[str], Any]) -> Any:
    """A reference is a text, also in a discriminator's mapping."""
    if isinstance(value, list):
        return [_with_references(one, replaced) for one in value]
    if isinstance(value, dict):
        return {name: _with_references(one, replaced) for name, one in value.items()}
    is_reference = isinstance(value, str) and value.startswith(PLACE)
    return replaced(value.removeprefix(PLACE)) if is_reference else value


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]
