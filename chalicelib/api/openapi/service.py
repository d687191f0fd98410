"""The part of the OpenAPI document that belongs to no dialect: health, the document itself, and its page.

API Gateway may refuse any request before it reaches a dialect; only these routes, which refuse nothing themselves, tell
of it.
"""

from chalicelib.api.openapi.operation import JSON, Json
from chalicelib.api.openapi.schemas import COMPONENTS

SERVICE_TAG: Json = {"name": "Service", "description": "What belongs to no dialect. Nobody needs a key for it."}

SERVICE_SCHEMAS: Json = {
    "ServiceHealth": {
        "type": "object",
        "description": "Whether the service answers.",
        "properties": {"status": {"type": "string", "const": "ok"}},
        "required": ["status"],
    },
    "ServiceDocument": {
        "type": "object",
        "description": "An OpenAPI document.",
        "properties": {"openapi": {"type": "string"}},
        "required": ["openapi"],
        "additionalProperties": True,
    },
    "ServiceError": {
        "type": "object",
        "description": "What API Gateway refused, and why.",
        "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
        "required": ["code", "message"],
    },
    "ServiceRefusal": {
        "type": "object",
        "description": "How API Gateway refuses what never reaches a dialect.",
        "properties": {"error": {"$ref": f"{COMPONENTS}ServiceError"}},
        "required": ["error"],
    },
}

_PAGE = "<!doctype html>…"
_NO_FILE = {"error": {"code": "NOT_FOUND", "message": "There is nothing at this path."}}
_NO_SESSION = "There is no such import session."
_SCRIPT = ("text/javascript", {"type": "string"}, "customElements.define(…);")
_THROTTLED = {"error": {"code": "THROTTLED", "message": "Too many requests; try again later."}}


def service_paths() -> Json:
    """Returns the paths that belong to no dialect."""
    health, whole = _named("ServiceHealth"), _named("ServiceDocument")
    return {
        "/v1/health": _get("health", "Whether the service answers", JSON, health, {"status": "ok"}),
        "/openapi.json": _get("openapi", "This document", JSON, whole, {"openapi": "3.1.0"}),
        "/docs": _get("docs", "This document as a page", "text/html", {"type": "string"}, _PAGE),
        "/console": _get("console", "The console, a page for people", "text/html", {"type": "string"}, _PAGE),
        "/console/{file}": _console_file(),
        "/importer/{session_id}": _importer(),
        "/sluice-importer.js": _get("importer_element", "The element that embeds it", *_SCRIPT),
    }


def _importer() -> Json:
    """Returns the path of the page that a host embeds."""
    path = _get("importer", "The importer that a page embeds", "text/html", {"type": "string"}, _PAGE)
    operation = path["get"]
    refusals = {
        "404": ("There is no such import session.", {"error": {**_NO_FILE["error"], "message": _NO_SESSION}}),
        "503": ("Try again in a moment.", {"error": {"code": "SERVICE_UNAVAILABLE", "message": "Try again."}}),
    }
    for status, (text, example) in refusals.items():
        content = {JSON: {"schema": _named("ServiceRefusal"), "examples": {"it": {"value": example}}}}
        operation["responses"][status] = {"description": text, "content": content}
    parameter = {
        "name": "session_id",
        "in": "path",
        "required": True,
        "description": "The import session, whose token stands in the fragment.",
        "schema": {"type": "string"},
        "example": "ims_4c1ewqpfqe4xq5h6a2d7",
    }
    return {"get": {**operation, "parameters": [parameter]}}


def _console_file() -> Json:
    """Returns the path of what the page of the console loads; both types of file are told of."""
    path = _get("console_file", "A file that the console loads", "text/javascript", {"type": "string"}, "const a = 1;")
    operation = path["get"]
    operation["responses"]["200"]["content"]["text/css"] = {
        "schema": {"type": "string"},
        "examples": {"it": {"value": "body { margin: 0; }"}},
    }
    refusal = {JSON: {"schema": _named("ServiceRefusal"), "examples": {"unknown": {"value": _NO_FILE}}}}
    operation["responses"]["404"] = {"description": "There is no file of this name.", "content": refusal}
    parameter = {
        "name": "file",
        "in": "path",
        "required": True,
        "description": "A digest of the file, as the page names it.",
        "schema": {"type": "string", "pattern": r"^[0-9a-f]{20}\.(js|css)$"},
        "example": "0123456789abcdef0123.js",
    }
    return {"get": {**operation, "parameters": [parameter]}}


def _named(name: str) -> Json:
    return {"$ref": f"{COMPONENTS}{name}"}


def _get(name: str, summary: str, content_type: str, schema: Json, example: object) -> Json:
    answer = {content_type: {"schema": schema, "examples": {"it": {"value": example}}}}
    refusal = {JSON: {"schema": _named("ServiceRefusal"), "examples": {"throttled": {"value": _THROTTLED}}}}
    return {
        "get": {
            "tags": [SERVICE_TAG["name"]],
            "operationId": f"service_{name}",
            "summary": summary,
            "description": f"{summary}. It needs no key.",
            "security": [],
            "responses": {
                "200": {"description": f"{summary}.", "content": answer},
                "429": {"description": "Too many requests for the whole API.", "content": refusal},
            },
        }
    }
