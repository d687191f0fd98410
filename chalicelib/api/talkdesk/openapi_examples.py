"""Examples of Talkdesk's answers, rendered as real answers are."""

from http import HTTPStatus

from chalicelib.access.tokens import IssuedToken
from chalicelib.api.openapi.operation import Json
from chalicelib.api.openapi.refusal_examples import AT
from chalicelib.api.talkdesk import COLUMNS, TEMPLATES, USERS
from chalicelib.api.talkdesk.hal_forms import cancellation_template, creation_template
from chalicelib.api.talkdesk.oauth import render_token
from chalicelib.api.talkdesk.responses import (
    IMPORTS,
    TalkdeskAnswer,
    TalkdeskPage,
    render_import,
    render_page,
    render_record,
)
from chalicelib.formats.csv.writer import DelimitedLines
from chalicelib.imports.downloads import UploadLink
from chalicelib.imports.row_reader import ListedRow
from chalicelib.model.api_keys import AccessToken, Scope
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Action, Import, Source, Stats, Status, UploadMode
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.rows import Outcome, RowOutcome
from chalicelib.model.write_options import Rendering

BASE = "https://api.example.com"
IMPORT_ID = "imp_0s3kq8mzt1v6b4yx9c2n"
CLIENT = "key_1f8e5b"

_WAITING = Import(
    import_id=ImportId(IMPORT_ID),
    tenant_id=TenantId(""),
    resource=USERS.name,
    action=Action.CREATE,
    upload_mode=UploadMode.ASYNC,
    source=Source(key="", filename="users.csv"),
    created_by=CLIENT,
    updated_by=CLIENT,
    created_at=AT,
    updated_at=AT,
)
_ENDED = Import(
    import_id=ImportId(IMPORT_ID),
    tenant_id=TenantId(""),
    resource=USERS.name,
    action=Action.CREATE,
    upload_mode=UploadMode.SYNC,
    status=Status.COMPLETED,
    source=Source(key="", filename="users.csv"),
    stats=Stats(total=3, created=2, failed=1),
    created_by=CLIENT,
    updated_by=CLIENT,
    created_at=AT,
    updated_at=AT + 2,
)
_PAGE = TalkdeskPage(path=IMPORTS, page=1, per_page=20, total=1)


def waiting() -> TalkdeskAnswer:
    """Returns an import that waits for its file."""
    upload = UploadLink("https://files.example.com/uploads/source?X-Amz-Signature=…", AT + 3_600)
    body = render_import(_WAITING, upload)
    location = f"{IMPORTS}/{IMPORT_ID}"
    return TalkdeskAnswer(
        body=body, status=HTTPStatus.CREATED, location=location, templates=cancellation_template(_WAITING)
    )


def ended() -> TalkdeskAnswer:
    """Returns an import that has ended."""
    return TalkdeskAnswer(body=render_import(_ENDED))


def imports() -> TalkdeskAnswer:
    """Returns a page of imports."""
    return TalkdeskAnswer(body=render_page("imports", [render_import(_ENDED)], _PAGE), templates=creation_template())


def records() -> TalkdeskAnswer:
    """Returns a page of records, one of which failed."""
    problem = Problem(ProblemCode.INVALID_EMAIL, row_number=2, line=3, field="email", value="bob@")
    given: dict[str, object] = {COLUMNS["full_name"]: "Bob", COLUMNS["email"]: "bob@"}
    row = ListedRow(2, 3, given, RowOutcome(2, 3, Outcome.FAILED, problems=[problem]))
    return TalkdeskAnswer(body=render_page("records", [render_record(_ENDED, row)], _PAGE))


def template() -> str:
    """Returns the header line for new users."""
    return b"".join(DelimitedLines(Rendering()).each_chunk([TEMPLATES[Action.CREATE]])).decode()


def file() -> str:
    """Returns a file with one new user."""
    return template() + "Alice Martin,alice@example.com,Sales,true,101,+15551234567\r\n"


def token() -> Json:
    """Returns the answer with a token."""
    scopes = frozenset({Scope.IMPORTS_READ, Scope.IMPORTS_WRITE})
    return dict(render_token(IssuedToken(_token(scopes), "tdt_…")).body)


def _token(scopes: frozenset[Scope]) -> AccessToken:
    return AccessToken(digest="", client_digest="", scopes=scopes, issued_at=AT, expires_at=AT + 3600)
