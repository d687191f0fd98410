"""What a caller wants exported, and the checks of it that every dialect needs before anything is written.

In: an `ExportRequest`. Out: a sound `Export`, not stored yet, or a Refused that names the parameter.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.access.context import Caller, Context
from chalicelib.access.validation import check_storable, checked_name
from chalicelib.errors import Refused
from chalicelib.formats.registry import Format
from chalicelib.model.catalogue import find_resource
from chalicelib.model.exports import FROM_THE_BEGINNING_MS, Export, ExportSelection
from chalicelib.model.filters import EVERYTHING, Filter
from chalicelib.model.ids import ExportId
from chalicelib.model.resources import Resource
from chalicelib.model.write_options import Rendering
from chalicelib.schema.query.filters import compile_filter
from chalicelib.schema.query.record_values import get_output_field, output_fields

HIGHEST_LIMIT = 10**12

DELETIONS_KEPT_S = 30 * 24 * 3600
"""How long the store remembers deletions: changes since an earlier time would be incomplete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """A request to bring data out."""

    dialect: str
    resource: str
    """Any name of the catalogue, singular or plural."""
    name: str | None = None
    renderings: tuple[Rendering, ...] = (Rendering(), Rendering(format=Format.JSON))
    """One file each."""
    filter: Filter = EVERYTHING
    fields: tuple[str, ...] = ()
    """Empty for all of them, in declared order."""
    order_by: str | None = None
    is_descending: bool = False
    limit: int | None = None
    since_ms: int | None = None
    options: dict[str, Any] = field(default_factory=dict)
    """The options as the caller wrote them, to be shown."""


def draft_export(context: Context, caller: Caller, wanted: ExportRequest, export_id: ExportId) -> Export:
    """Returns a sound export that is not stored yet. Raises Refused `unknown_resource`, `unknown_field`,
    `invalid_filter` or `invalid_parameter`.
    """
    resource, now = _checked_resource(wanted), context.clock()
    checked_name(wanted.name)
    check_storable(wanted.options, context.limits.export_options_bytes, param="options")
    return Export(
        export_id=export_id,
        tenant_id=caller.tenant_id,
        resource=resource.name,
        dialect=wanted.dialect,
        name=wanted.name,
        selection=_checked_selection(context, resource, wanted),
        renderings=tuple(replace(one, sheet=resource.name) for one in wanted.renderings),
        options=wanted.options,
        created_by=caller.key_id,
        updated_by=caller.key_id,
        created_at=now,
        updated_at=now,
        deadline_at=now + context.limits.export_time_s,
    )


def _checked_resource(wanted: ExportRequest) -> Resource:
    resource = find_resource(wanted.resource)
    if resource is None:
        raise Refused("unknown_resource", f"There is no resource {wanted.resource[:64]!r}.", param="resource")
    formats = [one.format for one in wanted.renderings]
    if not formats or len(set(formats)) < len(formats):
        raise Refused("invalid_parameter", "Name at least one format, and each once.", param="formats")
    return resource


def _checked_selection(context: Context, resource: Resource, wanted: ExportRequest) -> ExportSelection:
    compile_filter(wanted.filter, resource, context.limits)
    fields = tuple(get_output_field(resource, name).name for name in wanted.fields or output_fields(resource))
    if wanted.limit is not None and not 1 <= wanted.limit <= HIGHEST_LIMIT:
        raise Refused("invalid_parameter", f"Must be from 1 to {HIGHEST_LIMIT}, or all.", param="limit")
    if wanted.since_ms is not None:
        _check_since(wanted.since_ms, context.clock() * 1000)
    return ExportSelection(
        filter=wanted.filter,
        fields=tuple(dict.fromkeys(fields)),
        order_by=get_output_field(resource, wanted.order_by).name if wanted.order_by else None,
        is_descending=wanted.is_descending,
        limit=wanted.limit,
        since_ms=wanted.since_ms,
    )


def _check_since(since_ms: int, now_ms: int) -> None:
    if since_ms == FROM_THE_BEGINNING_MS:
        return
    if since_ms > now_ms:
        raise Refused("invalid_parameter", "Must not lie in the future.", param="since")
    if since_ms < now_ms - DELETIONS_KEPT_S * 1000:
        days = DELETIONS_KEPT_S // 86400
        message = f"Deletions are remembered for {days} days. Make a whole export, and then one since its 'until'."
        raise Refused("invalid_parameter", message, param="since")
