"""Bodies of import profiles. They are ours: PackageX has none."""

from typing import Annotated

from pydantic import Field, StrictStr
from pydantic.json_schema import WithJsonSchema

from chalicelib.api.openapi.schema_words import one_of
from chalicelib.api.packagex.imports.options import OPTION_NAMES, ActionWord, PackageXImportOptions, core_name
from chalicelib.api.packagex.parameters import ResourceName
from chalicelib.errors import Refused

ProfileName = Annotated[StrictStr, WithJsonSchema({"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"})]
OptionName = Annotated[StrictStr, one_of(OPTION_NAMES)]


class PackageXProfileRequest(PackageXImportOptions):
    """`POST /v1/import-profiles`: everything that is stated here holds for imports that name the profile and do not say
    otherwise. Null is as good as the default, and switches off what the settings say."""

    name: ProfileName
    resource: ResourceName
    action: ActionWord | None = None
    """Of dropped files; `merge` otherwise."""


class PackageXProfileUpdate(PackageXImportOptions):
    """`POST /v1/import-profiles/{id}`: what is given is stated anew, all else stays."""

    action: ActionWord | None = None
    """Of dropped files."""
    unset: Annotated[tuple[OptionName, ...], Field(max_length=len(OPTION_NAMES))] = ()
    """Options that are not to be stated any more."""

    def validated(self) -> "PackageXProfileUpdate":
        """Returns itself. Raises Refused `invalid_parameter` where nothing is to change."""
        if not self.model_fields_set:
            raise Refused("invalid_parameter", "Give an option, or unset.", param="unset")
        return self

    def to_unset(self) -> frozenset[str]:
        """Returns the options that are not to be stated any more, in the core's words. Raises Refused
        `invalid_parameter`."""
        return to_core_names(self.unset)


def to_core_names(names: tuple[str, ...]) -> frozenset[str]:
    """Returns what the core calls these options. Raises Refused `invalid_parameter` for what is none."""
    for name in names:
        if name not in OPTION_NAMES:
            known = ", ".join(OPTION_NAMES)
            raise Refused("invalid_parameter", f"{name[:40]!r} is no option. Options: {known}.", param="unset")
    return frozenset(map(core_name, names))
