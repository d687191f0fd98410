"""What may be done next, as templates of HAL-FORMS: shown to callers who accept `application/prs.hal-forms+json`.

Source: HAL-FORMS, working draft of 2021. Each document has one template at most, which is therefore its `default`.
"""

from chalicelib.api.http.response import JsonObject
from chalicelib.api.talkdesk import TYPES
from chalicelib.api.talkdesk.responses import IMPORTS, HalFormsTemplates
from chalicelib.model.imports import Import, Status


def creation_template() -> HalFormsTemplates:
    """Returns the template of the list: an import whose file goes to a signed URL."""
    type_: JsonObject = {"name": "type", "required": True, "options": {"inline": list(TYPES)}}
    return _default("POST", IMPORTS, type_, {"name": "filename"})


def cancellation_template(import_: Import) -> HalFormsTemplates:
    """Returns the template of an import, to cancel it; none where it has ended, or is being canceled."""
    if import_.is_final or import_.status is Status.CANCELING:
        return {}
    status: JsonObject = {"name": "status", "required": True, "readOnly": True, "value": "CANCELED"}
    return _default("PATCH", f"{IMPORTS}/{import_.import_id}", status)


def _default(method: str, target: str, *properties: JsonObject) -> HalFormsTemplates:
    template: JsonObject = {"method": method, "contentType": "application/json", "target": target}
    return {"default": {**template, "properties": list(properties)}}
