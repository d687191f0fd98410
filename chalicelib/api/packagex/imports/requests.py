"""Bodies and queries of PackageX's imports: checked, and turned into the core's requests.

Source: PackageX, create import and retrieve imports; `filename`, `content_type`, `size_bytes` and `reading` are ours.
"""

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt
from pydantic.json_schema import WithJsonSchema

from chalicelib.access.validation import checked_name
from chalicelib.api.http.request_model import RequestModel
from chalicelib.api.openapi.schema_words import one_of
from chalicelib.api.packagex import ACTIONS, DIALECT, RESOURCE_NAMES, STATUSES, UPLOAD_MODES
from chalicelib.api.packagex.imports.data_url import LARGER, read_data_url
from chalicelib.api.packagex.imports.options import ActionWord, PackageXImportOptions
from chalicelib.api.packagex.parameters import (
    DEFAULT_PAGE,
    BooleanWord,
    NameText,
    ResourceName,
    ShortText,
    known_resource,
)
from chalicelib.errors import Refused
from chalicelib.imports.create import InlineSource, StatedUpload, inline_source
from chalicelib.imports.options import with_options
from chalicelib.imports.request import ImportRequest
from chalicelib.model.limits import Limits
from chalicelib.model.list_filters import ImportFilter
from chalicelib.model.object_keys import ResultFile

StatusWord = Literal["requested", "queued", "processing", "completed", "failed", "timed_out", "expired"]
PART_NUMBERS = r"^[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?$"

SourceData = Annotated[
    object,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "array", "items": {}, "minItems": 1},
                {"type": "string", "pattern": "^data:[^,]{0,255};base64,"},
                {"type": "null"},
            ],
            "default": None,
        }
    ),
]


def _unchanged(wanted: ImportRequest) -> ImportRequest:
    return wanted


class PackageXImportRequest(PackageXImportOptions):
    """`POST /v1/imports`."""

    upload_mode: Literal["sync", "async"]
    """sync: the data comes along; async: the file goes to `_upload_url`."""
    resource: ResourceName
    action: ActionWord
    """What happens to rows that match a record, and to those that match none."""
    name: NameText | None = None
    profile: ShortText | None = None
    """An import profile, by its name or id: what is not stated here is as it says."""
    data: SourceData = None
    """Records, or a base64 data URL; null for async. What is no object fails its row."""
    filename: ShortText = ""
    content_type: ShortText | None = None
    """Signed into the upload URL; async only, as `size_bytes`."""
    size_bytes: Annotated[StrictInt, Field(gt=0)] | None = None
    """Signed into the upload URL; async only."""
    parts: StrictBool | None = None
    """Send the file in parts, to `_upload_parts`, and say when it is there; async only, with `size_bytes`."""

    @property
    def is_async(self) -> bool:
        """Returns whether the file is to be sent to a signed URL."""
        return self.upload_mode == "async"

    def to_request(self, with_defaults: Callable[[ImportRequest], ImportRequest] = _unchanged) -> ImportRequest:
        """Returns the import that is asked for, in the core's words; `with_defaults` adds what others have stated, over
        which the options of this body are laid.
        """
        wanted = ImportRequest(
            dialect=DIALECT,
            resource=self.resource,
            action=ACTIONS[self.action],
            name=self.name,
            filename=self.filename,
        )
        return with_options(with_defaults(wanted), self.to_options())

    def to_stated_upload(self) -> StatedUpload:
        """Returns what is stated of the upload to come. Raises Refused `invalid_parameter` where data comes along."""
        if self.data is not None:
            raise Refused("invalid_parameter", "Must be null for async; PUT it to _upload_url.", param="data")
        if self.parts and not self.size_bytes:
            raise Refused("invalid_parameter", "Say size_bytes, too: the parts follow from it.", param="parts")
        return StatedUpload(
            content_type=self.content_type or "", size_bytes=self.size_bytes or 0, is_in_parts=bool(self.parts)
        )

    def to_inline(self, *, limit_bytes: int) -> InlineSource:
        """Returns the data as the source of the import. Raises Refused `invalid_parameter` and `too_large`."""
        for name in ("content_type", "size_bytes", "parts", "hold"):
            if getattr(self, name):
                raise Refused("invalid_parameter", "Belongs to async only.", param=name)
        if isinstance(self.data, list) and self.data:
            return inline_source(self.data, advice=LARGER)
        if isinstance(self.data, str):
            return read_data_url(self.data, limit_bytes=limit_bytes)
        message = "Must be an array of objects, not empty, or a base64 data URL for sync."
        raise Refused("invalid_parameter", message, param="data")


class PackageXImportUpdate(PackageXImportOptions):
    """`POST /v1/imports/{id}`: cancel, confirm a preview, let go what is held, go on with what broke off, rename, or
    state options anew; rename and one of the others; or new options and let go."""

    status: Literal["canceled", "confirmed", "queued", "uploaded"] | None = None
    """confirmed: the import that the preview was about is made, and is the answer; a name is its name. queued: what is
    held begins, and what was interrupted or timed out goes on. uploaded: the file was sent; the import begins, or is
    held. Needed for `_upload_parts`, of which the file is then made; any other upload is soon seen without it."""
    name: NameText | None = None
    """Null takes the name away."""
    strict: StrictBool | None = None
    """With confirmed: rows fail whose record has changed since the preview."""
    action: ActionWord | None = None
    """Of an import that is held, as everything below; null is merge."""

    @property
    def is_canceling(self) -> bool:
        """Returns whether the import is to be canceled."""
        return self.status == "canceled"

    @property
    def is_uploaded(self) -> bool:
        """Returns whether the file was sent."""
        return self.status == "uploaded"

    @property
    def is_confirming(self) -> bool:
        """Returns whether a preview is to be confirmed."""
        return self.status == "confirmed"

    @property
    def is_queueing(self) -> bool:
        """Returns whether an import that is held is to be let go."""
        return self.status == "queued"

    @property
    def is_renaming(self) -> bool:
        """Returns whether a name is given; null is one too, it takes the name away."""
        return "name" in self.model_fields_set

    def validated(self) -> "PackageXImportUpdate":
        """Returns itself. Raises Refused where nothing is to change, for options beside a status that leaves no time
        for them, and for a name that none can have: before anything is canceled or made."""
        checked_name(self.name)
        changes = self.to_options()
        if not (self.status or self.is_renaming or changes):
            message = 'Give a name, an option, or {"status": "canceled"}, "confirmed", "queued" or "uploaded".'
            raise Refused("invalid_parameter", message, param="status")
        if changes and self.status in ("canceled", "confirmed", "uploaded"):
            message = "An option can be stated anew only while the import is held."
            raise Refused("invalid_parameter", message, param=next(iter(changes)))
        if self.strict is not None and not self.is_confirming:
            raise Refused("invalid_parameter", 'Belongs to {"status": "confirmed"}.', param="strict")
        if self.action is None and "action" in self.model_fields_set:
            raise Refused(
                "invalid_parameter", "Must be an action; leave it out to keep the one there is.", param="action"
            )
        return self


class PackageXUndoRequest(RequestModel):
    """`POST /v1/imports/{id}/undo`."""

    preview: StrictBool = False
    """Only tells what the undo would do, and writes nothing."""


class PackageXImportsQuery(RequestModel):
    """Query of `GET /v1/imports`."""

    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    limit: Annotated[int, Field(ge=1, le=100)] = DEFAULT_PAGE
    resource: Annotated[str, one_of(RESOURCE_NAMES)] | None = None
    status: StatusWord | None = None
    upload_mode: Literal["sync", "async"] | None = None
    action: ActionWord | None = None

    def to_filter(self) -> ImportFilter:
        """Returns the imports that are asked for, in the core's words. Raises Refused `unknown_resource`."""
        return ImportFilter(
            resources=frozenset({known_resource(self.resource)}) if self.resource is not None else None,
            statuses=STATUSES[self.status] if self.status else None,
            upload_modes=frozenset({UPLOAD_MODES[self.upload_mode]}) if self.upload_mode else None,
            actions=frozenset({ACTIONS[self.action]}) if self.action else None,
        )


class PackageXImportQuery(RequestModel):
    """Query of `GET /v1/imports/{id}`: which links to add."""

    include_upload_csv: BooleanWord = "false"
    include_upload_json: BooleanWord = "false"
    include_errors_csv: BooleanWord = "false"
    include_errors_json: BooleanWord = "false"
    include_succeeded_csv: BooleanWord = "false"
    include_succeeded_json: BooleanWord = "false"
    include_unprocessed_csv: BooleanWord = "false"
    include_unprocessed_json: BooleanWord = "false"
    parts: Annotated[str, Field(pattern=PART_NUMBERS)] | None = None
    """Numbers of the parts whose signed URLs to add while the file is to come: 7, or 11-20, at most 100."""

    def to_parts(self, limits: Limits) -> range:
        """Returns the parts to link; none where none are asked for. Raises Refused `invalid_parameter`."""
        if self.parts is None:
            return range(0)
        first, _, last = self.parts.partition("-")
        numbers = range(int(first), int(last or first) + 1)
        if not 1 <= len(numbers) <= limits.upload_parts_shown:
            message = f"Must be a number or two, such as 11-20, of at most {limits.upload_parts_shown} parts."
            raise Refused("invalid_parameter", message, param="parts")
        return numbers

    def to_files(self) -> list[ResultFile]:
        """Returns the files to link."""
        return [file for file in ResultFile if getattr(self, f"include_{file.replace('.', '_')}") in ("true", "1")]
