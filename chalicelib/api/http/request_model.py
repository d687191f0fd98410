"""Bodies and query parameters as frozen models; everything wrong with them becomes one Refused.

Unknown parameters are refused by name: a misspelt filter or option that is ignored would do something else than meant.
"""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from chalicelib.errors import Refused


class RequestModel(BaseModel):
    """A model of a body or a query: unknown names are refused, and nothing changes afterwards.

    A model is built when it is first used: a process seldom sees all requests of four dialects.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class NoParameters(RequestModel):
    """A query without parameters."""


Model = TypeVar("Model", bound=BaseModel)

PUBLISHED_NAMES = {
    "PackageXExportRequest": "CreateExport",
    "PackageXExportSelection": "ExportOptions",
    "PackageXReadingOptions": "Reading",
    "PackageXAuthHeader": "Header",
    "CStarResourceRequest": "ChosenResource",
}
"""How messages call models within models, where pydantic names the class: callers see these names, so they stay."""


def read_body(model: type[Model], body: object) -> Model:
    """Returns the body as a model. Raises Refused `invalid_parameter` that names every parameter at fault; `fault`
    among its details is pydantic's word for what is wrong with the first.
    """
    if not isinstance(body, dict):
        raise Refused("invalid_json", "The body must be a JSON object.")
    return read_query(model, body)


def read_query(model: type[Model], given: Mapping[str, object], *, under: str = "") -> Model:
    """Returns the values as a model, and raises as `read_body` does. `under` is where in the request the values stand,
    if not at its root.
    """
    try:
        return model.model_validate(given)
    except ValidationError as error:
        found = error.errors(include_url=False)
    faults = {_location(under, fault["loc"]): _message(fault["type"], fault["msg"]) for fault in found}
    first = next(iter(faults))
    errors = [f"{location}: {text}" for location, text in faults.items()]
    raise Refused("invalid_parameter", errors[0], param=first, errors=errors, fault=found[0]["type"])


def _location(under: str, location: tuple[int | str, ...]) -> str:
    return ".".join(map(str, (under, *location) if under else location))


def _message(kind: str, text: str) -> str:
    if kind == "model_type":
        before, _, name = text.rpartition(" ")
        text = f"{before} {PUBLISHED_NAMES.get(name, name)}"
    return {"extra_forbidden": "Unknown parameter.", "missing": "Required."}.get(kind, f"{text}.")
