"""Bodies and queries of export schedules. PackageX has none: the bodies follow those of its exports."""

from typing import Annotated, Any

from pydantic import Field, StrictBool, StrictStr

from chalicelib.api.http.request_model import RequestModel
from chalicelib.api.packagex.exports.requests import PackageXExportRequest
from chalicelib.api.packagex.parameters import DEFAULT_PAGE
from chalicelib.errors import Refused
from chalicelib.exports.request import ExportRequest
from chalicelib.model.limits import Limits
from chalicelib.schedules.request import ScheduleRequest
from chalicelib.schedules.service import ScheduleChanges

_GIVEN_AS = {
    "name": "name",
    "schedule": "expression",
    "time_zone": "time_zone",
    "destination": "destination",
    "paused": "is_paused",
}
"""The core's word for each parameter but the export."""
_MAY_BE_NULL = ("name", "destination")


class PackageXScheduleRequest(RequestModel):
    """`POST /v1/export-schedules`."""

    schedule: StrictStr
    export: PackageXExportRequest
    name: StrictStr | None = None
    time_zone: StrictStr = "UTC"
    incremental: StrictBool = False
    destination: StrictStr | None = None
    paused: StrictBool = False

    def to_request(self, limits: Limits) -> ScheduleRequest:
        """Returns the schedule that is asked for, in the core's words. Raises Refused."""
        return ScheduleRequest(
            expression=self.schedule,
            export=_to_export(self.export, limits),
            asked=_export_fields(self.export),
            name=self.name,
            time_zone=self.time_zone,
            is_incremental=self.incremental,
            destination=self.destination,
            is_paused=self.paused,
        )


class PackageXScheduleUpdate(RequestModel):
    """`POST /v1/export-schedules/{id}`: what is given is changed."""

    name: StrictStr | None = None
    schedule: StrictStr | None = None
    time_zone: StrictStr | None = None
    export: PackageXExportRequest | None = None
    destination: StrictStr | None = None
    paused: StrictBool | None = None

    def to_changes(self, limits: Limits) -> ScheduleChanges:
        """Returns what is to change; null takes a name or a destination away. Raises Refused `invalid_parameter`."""
        if not self.model_fields_set:
            raise Refused("invalid_parameter", "Give at least one parameter to change.", param="name")
        nothing = next((one for one in self.model_fields_set if getattr(self, one) is None), None)
        if nothing and nothing not in _MAY_BE_NULL:
            raise Refused("invalid_parameter", "Must not be null.", param=nothing)
        return ScheduleChanges(
            given={word: getattr(self, name) for name, word in _GIVEN_AS.items() if name in self.model_fields_set},
            export=_to_export(self.export, limits) if self.export else None,
            asked=_export_fields(self.export) if self.export else None,
        )


class PackageXSchedulesQuery(RequestModel):
    """Query of `GET /v1/export-schedules`, and of the runs of one of them."""

    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    limit: Annotated[int, Field(ge=1, le=100)] = DEFAULT_PAGE


def _to_export(body: PackageXExportRequest, limits: Limits) -> ExportRequest:
    try:
        return body.to_request(limits)
    except Refused as refusal:
        refusal.param = f"export.{refusal.param}" if refusal.param else "export"
        raise


def _export_fields(export: PackageXExportRequest) -> dict[str, Any]:
    return export.model_dump(exclude_unset=True)
