"""The schemas of imports have the fields that are rendered."""

from chalicelib.api.packagex.imports.openapi_examples import ended_import
from chalicelib.api.packagex.imports.schemas import PackageXImport, PackageXImportAnswer, PackageXPhase, PackageXStats


def test_an_import_has_the_fields_of_its_schema_in_their_order() -> None:
    assert list(ended_import()["data"]) == list(PackageXImport.__annotations__)


def test_phases_and_stats_have_the_fields_of_their_schemas() -> None:
    data = ended_import()["data"]

    assert all(set(phase) == set(PackageXPhase.__annotations__) for phase in data["phases"])
    assert set(data["stats"]) == set(PackageXStats.__annotations__)


def test_an_answer_is_an_import_in_the_envelope() -> None:
    assert set(ended_import()) == set(PackageXImportAnswer.__annotations__)
