"""What cannot be exported is refused before anything is written."""

from typing import Any

import pytest

from chalicelib.errors import Refused
from chalicelib.exports import service
from chalicelib.exports.request import ExportRequest
from chalicelib.model.exports import Export
from chalicelib.model.filters import Condition, Operator
from chalicelib.model.ids import ExportId
from chalicelib.model.write_options import Rendering
from tests.world import NOW, World


def export_request(**given: Any) -> ExportRequest:
    return ExportRequest(**({"dialect": "packagex", "resource": "contact"} | given))


def ask(world: World, *, export_id: ExportId | None = None, **given: Any) -> Export:
    return service.request_export(world.context, world.caller(), export_request(**given), export_id=export_id)


def test_all_fields_are_columns_where_none_are_chosen() -> None:
    world = World()

    export = ask(world)

    assert {"id", "name", "created_at", "updated_at"} <= set(export.selection.fields)


@pytest.mark.parametrize(
    ("given", "code", "param"),
    [
        pytest.param({"resource": "ghosts"}, "unknown_resource", "resource", id="resource"),
        pytest.param({"fields": ("ghost",)}, "unknown_field", "ghost", id="field"),
        pytest.param({"order_by": "ghost"}, "unknown_field", "ghost", id="order"),
        pytest.param({"filter": Condition("ghost", Operator.EQ, 1)}, "unknown_field", "ghost", id="filter field"),
        pytest.param(
            {"filter": Condition("created_at", Operator.GTE, "soon")}, "invalid_filter", "created_at", id="filter value"
        ),
        pytest.param({"limit": 0}, "invalid_parameter", "limit", id="limit"),
        pytest.param({"renderings": ()}, "invalid_parameter", "formats", id="no format"),
        pytest.param({"renderings": (Rendering(), Rendering())}, "invalid_parameter", "formats", id="format twice"),
        pytest.param({"name": "ab"}, "invalid_parameter", "name", id="name"),
        pytest.param({"options": {"limit": 1 << 70}}, "invalid_parameter", "options", id="number too long"),
        pytest.param({"options": {"a": "\ud800"}}, "invalid_parameter", "options", id="lone surrogate"),
        pytest.param({"options": {"a": "x" * 70_000}}, "invalid_parameter", "options", id="options too long"),
        pytest.param({"since_ms": (NOW - 31 * 86400) * 1000}, "invalid_parameter", "since", id="since too early"),
    ],
)
def test_what_cannot_be_exported_is_refused_before_anything_is_written(
    given: dict[str, Any], code: str, param: str
) -> None:
    world = World()

    with pytest.raises(Refused) as refusal:
        ask(world, **given)

    assert (refusal.value.code, refusal.value.param) == (code, param)
    assert service.list_exports(world.context, world.caller(), page=1, per_page=9).total == 0
