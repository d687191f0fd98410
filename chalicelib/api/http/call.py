"""A request of a known caller, as views get it: query and body as models, path parameters, context."""

from dataclasses import dataclass

from chalice.app import Request

from chalicelib.access.context import Caller, Context
from chalicelib.api.http.request import body_json, query_values
from chalicelib.api.http.request_model import Model, read_body, read_query

BODY_LEVELS = 2
"""What a body adds to the nesting of a record: the object itself, and the array of records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request of a known caller: what a view may ask of it, and on whose behalf."""

    context: Context
    caller: Caller
    request: Request
    path: dict[str, str]
    """Path parameters, decoded."""

    def query(self, model: type[Model]) -> Model:
        """Returns the query as this model. Raises Refused `invalid_parameter` for what does not fit it."""
        return read_query(model, query_values(self.request))

    def body(self, model: type[Model]) -> Model:
        """Returns the JSON body as this model. Raises Refused for what is no JSON or does not fit it."""
        return read_body(model, body_json(self.request, depth=self.context.limits.json_depth + BODY_LEVELS))
