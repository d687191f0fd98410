"""What belongs to no dialect: whether anybody is there, this document, and its page. Nobody needs a key for it."""

from chalicelib.api.openapi.operation import JSON, Json

SERVICE_TAG = {"name": "Service", "description": "What belongs to no dialect. Nobody needs a key for it."}


def service_paths() -> Json:
    health = {"type": "object", "properties": {"status": {"const": "ok"}}, "required": ["status"]}
    return {
        "/v1/health": _get("health", "Whether anybody is there", JSON, health, {"status": "ok"}),
        "/openapi.json": _get("openapi", "This document", JSON, {"type": "object"}, {"openapi": "3.1.0"}),
        "/docs": _get("docs", "This document as a page", "text/html", {"type": "string"}, "<!doctype html>…"),
    }


def _get(name: str, summary: str, content_type: str, schema: Json, example: object) -> Json:
    content = {content_type: {"schema": schema, "examples": {"it": {"value": example}}}}
    return {
        "get": {
            "tags": [SERVICE_TAG["name"]],
            "operationId": f"service_{name}",
            "summary": summary,
            "security": [],
            "responses": {"200": {"description": f"{summary}.", "content": content}},
        }
    }
