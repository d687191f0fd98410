"""What Talkdesk tells of its routes in the OpenAPI document. Examples are rendered as real answers are.

It is imported only when the document is asked for.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import ConfigDict
from pydantic.json_schema import WithJsonSchema
from typing_extensions import TypedDict

from chalicelib.api.openapi.operation import (
    CALLER_REFUSALS,
    DialectDescription,
    FeatureDescription,
    Operation,
    OtherBody,
    PathParameter,
    SchemaType,
    Security,
    Success,
)
from chalicelib.api.openapi.refusal_examples import too_large
from chalicelib.api.talkdesk import SCOPE_WORDS, create, openapi_examples, requests, routes, schemas
from chalicelib.api.talkdesk.adapter import make_adapter, render_document
from chalicelib.api.talkdesk.content_negotiation import CSV, DOCUMENTS, HAL_FORMS
from chalicelib.api.talkdesk.responses import TalkdeskAnswer
from chalicelib.errors import Refused
from chalicelib.model.api_keys import Scope
from chalicelib.model.refusals import RefusalCode

TEXT = """
Users as CSV, up to 1,000 in an import, with HAL answers and a report for each row. An OAuth client gets a token at
`POST /oauth/token`; imports are shown for 20 days.
"""

FILE: Sequence[RefusalCode] = (
    "invalid_option",
    "too_large",
    "header_differs",
    "too_many_rows",
    "empty_source",
    "unreadable_format",
    "ambiguous_list",
    "encoding_uncertain",
)


FORMS = {
    schemas.TalkdeskImport: schemas.TalkdeskImportWithTemplates,
    schemas.TalkdeskImports: schemas.TalkdeskImportsWithTemplates,
    schemas.TalkdeskRecords: schemas.TalkdeskRecordsWithTemplates,
}
"""What a document is in HAL-FORMS."""


def _each(text: str, type_: SchemaType, rendered: Mapping[str, TalkdeskAnswer]) -> list[Success]:
    """Returns the document in every type that it is offered in."""
    return [
        Success(
            text=text,
            status=next(iter(rendered.values())).status,
            schema=FORMS[type_] if kind == HAL_FORMS else type_,
            content_type=kind,
            headers=_location(next(iter(rendered.values()))),
            examples={name: render_document(answer, openapi_examples.BASE, kind) for name, answer in rendered.items()},
        )
        for kind in DOCUMENTS
    ]


def _location(answer: TalkdeskAnswer) -> dict[str, str]:
    return {"Location": openapi_examples.BASE + answer.location} if answer.location else {}


class TalkdeskForm(TypedDict):
    """`multipart/form-data`."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]

    type: requests.TypeWord
    file: Annotated[str, WithJsonSchema({"type": "string", "contentMediaType": CSV})]


class TalkdeskFileQuery(requests.TalkdeskFileParameters):
    """What is said beside a file that is the body; the other bodies take no parameters."""

    type: requests.TypeWord | None = None  # type: ignore[assignment] # with text/csv it is required
    """Required with `text/csv`, refused otherwise."""
    filename: str | None = None  # type: ignore[assignment] # with text/csv it is empty
    """With `text/csv` only."""


CANCEL = Operation(
    summary="Cancel an import",
    text="What its tasks have written stays; the rest is skipped. A cancel of an import that has ended is a 409.",
    body=requests.TalkdeskImportUpdate,
    bodies={"cancel": {"status": "CANCELED"}},
    successes=_each("The import.", schemas.TalkdeskImport, {"ended": openapi_examples.ended()}),
    refusals=("not_acceptable", "import_not_found", "already_ended"),
)

_OPERATIONS: Mapping[Any, Operation] = {
    routes.create_import: Operation(
        summary="Create an import of users",
        text="JSON asks for a signed URL to PUT the file to before `upload_expires_at`; the import waits for 24 hours, "
        "and has a fresh URL whenever it is shown. A form, or the CSV itself, starts at once. The header is that of "
        "the template.",
        query=TalkdeskFileQuery,
        body=requests.TalkdeskImportRequest,
        bodies={"signed upload": {"type": "CREATE_USERS", "filename": "users.csv"}},
        other_bodies=[
            OtherBody(
                content_type="multipart/form-data",
                schema=TalkdeskForm,
                examples={"form": {"type": "CREATE_USERS", "file": openapi_examples.file()}},
            ),
            OtherBody(content_type=CSV, schema=str, examples={"file": openapi_examples.file()}),
        ],
        successes=_each("The import.", schemas.TalkdeskImport, {"signed upload": openapi_examples.waiting()}),
        refusals=("not_acceptable", "malformed_form", *FILE),
    ),
    routes.list_imports: Operation(
        summary="List imports of users",
        text="Newest first; those through other dialects, too.",
        query=requests.TalkdeskPageQuery,
        successes=_each("A page.", schemas.TalkdeskImports, {"a page": openapi_examples.imports()}),
        refusals=("not_acceptable",),
    ),
    routes.show_template: Operation(
        summary="Download a template",
        text="The header line of a type.",
        query=requests.TalkdeskTemplateQuery,
        successes=[
            Success(
                text="A file.",
                schema=str,
                content_type=CSV,
                headers={"Content-Disposition": 'attachment; filename="create_users.csv"'},
                examples={"CREATE_USERS": openapi_examples.template()},
            )
        ],
        refusals=("not_acceptable",),
    ),
    routes.show_import: Operation(
        summary="Show an import",
        text="Live while it runs; `reason` says why it has failed.",
        successes=_each("The import.", schemas.TalkdeskImport, {"ended": openapi_examples.ended()}),
        refusals=("not_acceptable", "import_not_found"),
    ),
    routes.update_import: CANCEL,
    routes.list_records: Operation(
        summary="List the rows of an import",
        text="With what became of each, and why.",
        query=requests.TalkdeskRecordsQuery,
        successes=_each("A page.", schemas.TalkdeskRecords, {"a page": openapi_examples.records()}),
        refusals=("not_acceptable", "import_not_found"),
    ),
}

_FEATURE = FeatureDescription(
    routes=routes.ROUTES,
    operations=_OPERATIONS,
    path_parameters={"import_id": PathParameter("The import.", openapi_examples.IMPORT_ID)},
    samples=(
        Refused("not_acceptable", "This path answers application/json only.", param="Accept"),
        too_large("file", create.LARGER),
        Refused("malformed_key", "The header Authorization holds no bearer token."),
        Refused("malformed_form", "The body is no multipart/form-data with the boundary it names."),
        Refused("header_differs", "The header line must be: Full Name,Email,Ring Groups."),
        Refused("insufficient_scope", "The token lacks a scope.", scope=Scope.IMPORTS_WRITE, kind=None),
    ),
)

DESCRIPTION = DialectDescription(
    name="Talkdesk",
    text=TEXT,
    adapter=make_adapter(lambda request: openapi_examples.BASE),
    features=(_FEATURE,),
    security=Security(
        name="talkdesk",
        scheme={
            "type": "oauth2",
            "flows": {
                "clientCredentials": {
                    "tokenUrl": "/oauth/token",
                    "scopes": {
                        "bulk-imports:read": "Look at imports.",
                        "bulk-imports:write": "Create and cancel imports.",
                    },
                }
            },
            "description": "A token that `POST /oauth/token` gave out.",
        },
        scopes=SCOPE_WORDS,
    ),
    refusal=schemas.TalkdeskRefusal,
    caller_refusals=(*CALLER_REFUSALS, "malformed_key"),
)
