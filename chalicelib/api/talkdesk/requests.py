"""Queries, JSON bodies and files that Talkdesk takes: checked, and turned into the core's requests.

Source: Talkdesk, list of imports, for `page` and `per_page`; record lists for `csv_metadata`; the rest is ours.
"""

from typing import Annotated, Literal

from pydantic import Field, StrictInt, StrictStr, StringConstraints

from chalicelib.api.http.request_model import RequestModel
from chalicelib.api.talkdesk import DIALECT, MANDATORY, TEMPLATES, TYPES, USERS
from chalicelib.imports.create import NOTHING_STATED, StatedUpload
from chalicelib.imports.request import ImportRequest
from chalicelib.model.imports import Action, DuplicateHandling
from chalicelib.model.limits import Limits
from chalicelib.model.reading_options import ReadingOptions
from chalicelib.model.row_rules import RowRules

CSV = "text/csv"

DEFAULT_PAGE = 20

TypeWord = Literal["CREATE_USERS", "UPDATE_USERS", "DELETE_USERS"]
Md5Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{32}$", strict=True)]


class CsvMetadata(RequestModel):
    """What is known of the file to come; it is signed, or checked on arrival."""

    byte_size: Annotated[StrictInt, Field(gt=0)]
    checksum: Md5Digest
    """MD5."""
    content_type: Annotated[str, StringConstraints(pattern=r"^text/csv\b[^\r\n]*$", strict=True)] = CSV


class TalkdeskImportRequest(RequestModel):
    """`POST /bulk-imports/users` with JSON: the file is to be sent to a signed URL."""

    type: TypeWord
    filename: StrictStr = ""
    csv_metadata: CsvMetadata | None = None

    def to_stated_upload(self) -> StatedUpload:
        """Returns what is stated of the upload to come."""
        metadata = self.csv_metadata
        if metadata is None:
            return NOTHING_STATED
        return StatedUpload(
            content_type=metadata.content_type,
            size_bytes=metadata.byte_size,
            size_param="csv_metadata.byte_size",
            checksum=metadata.checksum.lower(),
        )


class TalkdeskFileParameters(RequestModel):
    """What is said beside a file that comes along: the query of `text/csv`, the fields of `multipart/form-data`."""

    type: TypeWord
    filename: str = ""


class TalkdeskTemplateQuery(RequestModel):
    """Query of `GET /bulk-imports/users/template`."""

    type: TypeWord


class TalkdeskImportUpdate(RequestModel):
    """`PATCH /bulk-imports/users/{id}`."""

    status: Literal["CANCELED"]


class TalkdeskPageQuery(RequestModel):
    """A query of a numbered page."""

    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    per_page: Annotated[int, Field(ge=1, le=100)] = DEFAULT_PAGE


class TalkdeskRecordsQuery(TalkdeskPageQuery):
    """Query of `GET /bulk-imports/users/{id}/records`."""

    status: Literal["PENDING", "COMPLETED", "FAILED", "SKIPPED"] | None = None


def to_import_request(type_: TypeWord, filename: str, limits: Limits) -> ImportRequest:
    """Returns the import in the core's words: comma only, the template's header only, and a limited number of rows."""
    action: Action = TYPES[type_]
    return ImportRequest(
        dialect=DIALECT,
        resource=USERS.name,
        action=action,
        duplicate_handling=DuplicateHandling.USE_FIRST,
        reading=ReadingOptions(format="csv", delimiter=","),
        rules=RowRules(header=TEMPLATES[action], required=MANDATORY[action], max_rows=limits.talkdesk_import_rows),
        filename=filename,
    )
