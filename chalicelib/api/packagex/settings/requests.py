"""The body of the settings. They are ours: PackageX has none."""

from pydantic import StrictBool

from chalicelib.api.http.request_model import RequestModel
from chalicelib.api.packagex.imports.options import MostOf, PackageXImportOptions
from chalicelib.errors import Refused
from chalicelib.model.import_options import ImportOptions


class PackageXSettingsUpdate(RequestModel):
    """`POST /v1/settings`: what is given is stated anew, null states it no more, all else stays."""

    max_failed: MostOf = None
    """Rows that may fail, as a number or a part such as 5%; if more would, nothing is written and the import fails."""
    max_deleted: MostOf = None
    """The same for records that an overwrite cleans up, or a delete deletes."""
    all_or_nothing: StrictBool | None = None
    """If a row fails, nothing is written."""
    save_upload: StrictBool | None = None
    """Keep the uploads as CSV and JSON."""
    hold: StrictBool | None = None
    """Hold imports whose file is sent or dropped."""

    def to_options(self) -> ImportOptions:
        """Returns the settings that are stated, in the core's words. Raises Refused `invalid_parameter` where nothing
        is to change."""
        if not self.model_fields_set:
            raise Refused(
                "invalid_parameter", "Give one of max_failed, max_deleted, all_or_nothing, save_upload, hold."
            )
        given = {name: getattr(self, name) for name in self.model_fields_set}
        return PackageXImportOptions(**{name: one for name, one in given.items() if one is not None}).to_options()

    def to_unset(self) -> frozenset[str]:
        """Returns the settings that are not to be stated any more, in the core's words."""
        return frozenset(name for name in self.model_fields_set if getattr(self, name) is None)
