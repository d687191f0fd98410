"""The cStar dialect: its words for what the core knows. Routes, requests, responses and errors stand beside.

Source: cStar, Import and Export; what they leave open is decided in `docs/cstar.md`. A team is a tenant.
"""

from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.imports import Status
from chalicelib.model.resources import Resource
from chalicelib.model.row_rules import MergeStrategy

DIALECT = "cstar"

CSTAR_RESOURCES = {name: RESOURCES[name] for name in ("tickets", "customers", "articles")}
"""What may be imported and exported here."""

STRATEGIES = {strategy.value: strategy for strategy in MergeStrategy}

STATUS_WORDS = {
    Status.REQUESTED: "processing",
    Status.QUEUED: "processing",
    Status.PROCESSING: "processing",
    Status.CANCELING: "processing",
    Status.COMPLETED: "completed",
    Status.FAILED: "failed",
    Status.CANCELED: "canceled",
    Status.TIMED_OUT: "failed",
    Status.EXPIRED: "failed",
}
"""Of an import in the logs; `completed` is the one word cStar prints."""


def public_name(resource: Resource, name: str) -> str:
    """Returns a field's name as cStar writes it, responseDeadline for response_deadline; what is no field stays as it
    is.
    """
    if name not in resource.by_name:
        return name
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)
