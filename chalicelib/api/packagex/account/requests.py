"""Queries of a key about its tenant, which are ours."""

from typing import Annotated

from pydantic import Field

from chalicelib.api.http.request_model import RequestModel

MOST_DAYS = 400
"""As many as imports and exports are kept, unless the stack says otherwise."""


class PackageXUsageQuery(RequestModel):
    """Query of `GET /v1/usage`."""

    days: Annotated[int, Field(ge=1, le=MOST_DAYS)] = 30
    """The last days (UTC), of which today is one."""
