"""The Kasar dialect: its words for what the core knows. Routes, requests, responses and errors stand beside.

Source: Kasar, import and export; what it leaves open is decided in `docs/kasar.md`.
"""

from chalicelib.errors import Refused
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import quoted
from chalicelib.model.resources import Resource
from chalicelib.model.row_rules import RowRules

DIALECT = "kasar"

OBJECTS = ("contacts", "companies", "opportunities")
"""The objects of Kasar, each a resource of the same name."""

ROW_RULES = RowRules(matches_any_field=True, refuses_unknown_fields=True)
"""Duplicates by e-mail, phone or name; unknown fields fail their row; a company that is missing is created."""

ROW_MESSAGES = {
    ProblemCode.INVALID_EMAIL: "Field '{field}' must be a valid email address",
    ProblemCode.UNKNOWN_FIELD: "Field '{field}' does not exist on {resource}",
}
"""Where the wording is published, or the core's would not do; all others are the core's, in the same manner."""


def get_object(name: str) -> Resource:
    """Returns the resource behind an object of Kasar. Raises Refused `unknown_resource`."""
    if name not in OBJECTS:
        raise Refused("unknown_resource", f"The object name {quoted(name)!r} does not exist.", param="object")
    return RESOURCES[name]
