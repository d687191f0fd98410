from dataclasses import FrozenInstanceError
from datetime import UTC, datetime
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.api.packagex.exports.schemas import PackageXExport
from chalicelib.api.packagex.imports.schemas import PackageXImport, PackageXRow, PackageXRowProblem, PackageXStats
from chalicelib.api.packagex.webhooks.schemas import PackageXDelivery, PackageXWebhook, PackageXWebhookEvent
from sluice.models.base import JSON_NAME, Model
from sluice.models.exports import ExportFields
from sluice.models.imports import ImportFields, Problem, Row, Stats
from sluice.models.webhooks import Delivery, Event, Webhook

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def test_objects_and_lists_of_them_become_models() -> None:
    found = ImportFields.from_json(
        {"id": "imp_1", "stats": {"created": 2}, "phases": [{"name": "processing", "total": 3}], "created_at": 86400}
    )

    assert (found.stats.created, found.phases[0].name, found.phases[0].total) == (2, "processing", 3)
    assert found.created_at == datetime(1970, 1, 2, tzinfo=UTC)


def test_what_is_absent_or_null_takes_its_default() -> None:
    found = ImportFields.from_json({"id": "imp_1", "stats": None, "name": None})

    assert (found.stats, found.name, found.phases) == (Stats(), None, ())


def test_an_underscore_and_a_name_that_python_keeps_are_no_part_of_a_field() -> None:
    row = Row.from_json({"row_number": 1, "changes": {"name": {"from": "a", "to": "b"}}})

    assert Webhook.from_json({"id": "whk_1", "_secret": "s"}).secret == "s"
    assert row.changes is not None
    assert (row.changes["name"].before, row.changes["name"].after) == ("a", "b")


def test_nothing_is_changed_by_accident() -> None:
    with pytest.raises(FrozenInstanceError):
        ImportFields.from_json({"id": "imp_1"}).id = "imp_2"  # type: ignore[misc]


@given(st.dictionaries(st.sampled_from(["id", "stats", "phases", "created_at", "name", "problems"]), JSON))
def test_no_answer_breaks_it(given_: dict[str, Any]) -> None:
    assert ImportFields.from_json(given_).raw is given_


@pytest.mark.parametrize(
    ("model", "schema"),
    [
        (ImportFields, PackageXImport),
        (Stats, PackageXStats),
        (Row, PackageXRow),
        (Problem, PackageXRowProblem),
        (ExportFields, PackageXExport),
        (Webhook, PackageXWebhook),
        (Delivery, PackageXDelivery),
        (Event, PackageXWebhookEvent),
    ],
    ids=lambda one: one.__name__,
)
def test_every_field_is_one_of_the_api(model: type[Model], schema: Any) -> None:
    sent = {name.removeprefix("_") for name in get_type_hints(schema)}
    known = {one.metadata.get(JSON_NAME, name) for name, one in model.__dataclass_fields__.items() if name != "raw"}

    assert known <= sent
