"""What imports and exports are listed by."""

import pytest

from chalicelib.model.exports import ExportStatus
from chalicelib.model.imports import Action, Status, UploadMode
from chalicelib.model.list_filters import (
    EVERY_EXPORT,
    EVERY_IMPORT,
    ExportFacets,
    ExportFilter,
    ImportFacets,
    ImportFilter,
)
from tests.world import an_export, an_import


@pytest.mark.parametrize("status", Status)
def test_a_filter_that_asks_for_nothing_takes_every_import(status: Status) -> None:
    assert EVERY_IMPORT.takes(ImportFacets.of(an_import(status)))
    assert EVERY_IMPORT.takes(ImportFacets.of(an_import(status, is_preview=True)))


@pytest.mark.parametrize(
    ("wanted", "is_taken"),
    [
        (ImportFilter(resources=frozenset({"contacts"})), True),
        (ImportFilter(resources=frozenset({"users"})), False),
        (ImportFilter(statuses=frozenset({Status.FAILED, Status.QUEUED})), True),
        (ImportFilter(statuses=frozenset({Status.COMPLETED})), False),
        (ImportFilter(upload_modes=frozenset({UploadMode.SYNC})), False),
        (ImportFilter(actions=frozenset({Action.MERGE})), True),
        (ImportFilter(statuses=frozenset({Status.FAILED}), actions=frozenset({Action.DELETE})), False),
    ],
)
def test_a_filter_takes_what_has_all_that_it_asks_for(wanted: ImportFilter, *, is_taken: bool) -> None:
    assert wanted.takes(ImportFacets.of(an_import(Status.FAILED))) is is_taken


@pytest.mark.parametrize("resources", [None, frozenset({"contacts"})])
def test_previews_are_left_out_where_they_are_not_wanted(resources: frozenset[str] | None) -> None:
    facets = ImportFacets.of(an_import(is_preview=True))

    assert ImportFilter(resources=resources).takes(facets)
    assert not ImportFilter(resources=resources, with_previews=False).takes(facets)


def test_exports_are_taken_by_resource_and_status() -> None:
    facets = ExportFacets.of(an_export(ExportStatus.FAILED))

    assert EVERY_EXPORT.takes(facets)
    assert ExportFilter(statuses=frozenset({ExportStatus.FAILED})).takes(facets)
    assert not ExportFilter(resources=frozenset({"assets"})).takes(facets)
