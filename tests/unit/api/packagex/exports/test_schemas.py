"""The schemas of exports have the fields that are rendered."""

from dataclasses import replace

from chalicelib.api.packagex.exports.responses import render_export
from chalicelib.api.packagex.exports.schemas import PackageXExport, PackageXExportFile, PackageXProgress
from chalicelib.model.exports import ExportFile
from tests.world import an_export


def test_an_export_has_the_fields_of_its_schema_in_their_order() -> None:
    rendered = render_export(an_export(), {})

    assert list(rendered) == list(PackageXExport.__annotations__)
    assert set(rendered["progress"]) == set(PackageXProgress.__annotations__)


def test_a_file_has_the_fields_of_its_schema() -> None:
    file = ExportFile(
        format="csv", filename="contacts.csv", content_type="text/csv", key="k", rows=1, size_bytes=9, parts=()
    )

    [rendered] = render_export(replace(an_export(), files=(file,)), {})["files"]

    assert list(rendered) == list(PackageXExportFile.__annotations__)
