"""A Talkdesk client: Chalice's own test client with a token, over the real road and stores in memory."""

import json
from base64 import b64encode
from typing import Any

from chalice.app import Chalice
from chalice.test import HTTPResponse

from chalicelib.access.api_keys import KeyRequest, key_of
from chalicelib.api.talkdesk.routes import talkdesk_routes
from chalicelib.imports.uploads import receive_file
from chalicelib.model.api_keys import KINDS, KeyKind
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from tests.answers import Client
from tests.documented_answers import documented
from tests.import_world import run_import
from tests.real_pipeline import connect_pipeline
from tests.world import OURS, World

JSON = dict[str, Any]

BASE = "https://api.example.com"
USERS = f"{BASE}/bulk-imports/users"
AT = "2023-11-14T22:13:20Z"
"""When it is, in a world whose clock stands still."""

CREATE = "Full Name,Email,Ring Groups,Agent Activation,Internal Extension,External Phone\n"
UPDATE = f"Current Email,{CREATE}"
DELETE = "Current Email\n"
BOUNDARY = "b0und4ry"


class TalkdeskClient:
    """Of an OAuth client of our tenant, unless it is told otherwise; it has a token with both scopes."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS, world: World | None = None, tenant_id: str = OURS) -> None:
        self.world = world or World(limits)
        self.machine = connect_pipeline(self.world)
        self.secret = f"tds_{tenant_id}"
        wanted = KeyRequest(tenant_id=OURS, kind=KeyKind.TD_CLIENT)
        key = key_of(self.secret, wanted, now=self.world.now)
        self.client_id = key.key_id
        given = {"kind": KeyKind.TD_CLIENT, "scopes": KINDS[KeyKind.TD_CLIENT].scopes, "key_id": key.key_id}
        self.world.key(self.secret, tenant_id=tenant_id, **given)  # type: ignore[arg-type]
        self.token: str = self.get_token().json_body["access_token"]

    def get_token(self, **form: str) -> HTTPResponse:
        said = {"grant_type": "client_credentials"} | form
        basic = b64encode(f"{self.client_id}:{self.secret}".encode()).decode()
        return self.post_form("&".join(f"{name}={value}" for name, value in said.items()), f"Basic {basic}")

    def post_form(self, form: str, authorization: str = "", **headers: str) -> HTTPResponse:
        sent = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": authorization}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        response = self._http().http.post(
            "/oauth/token", headers={name: value for name, value in sent.items() if value}, body=form.encode()
        )
        return documented("POST", "/oauth/token", response)

    def request(self, method: str, path: str, body: object = b"", **headers: str) -> HTTPResponse:
        """`path` begins behind /bulk-imports/users, unless it is a whole one; `body` is JSON unless it is bytes."""
        sent = {"Authorization": f"Bearer {self.token}"}
        if not isinstance(body, bytes):
            sent, body = sent | {"Content-Type": "application/json"}, json.dumps(body).encode()
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        full = path if path.startswith(("/bulk-imports", "/oauth")) else f"/bulk-imports/users{path}"
        response = self._http().http.request(
            method, full, headers={name: value for name, value in sent.items() if value}, body=body
        )
        return documented(method, full, response)

    def get(self, path: str = "", **headers: str) -> HTTPResponse:
        return self.request("GET", path, **headers)

    def post(self, body: object, **headers: str) -> HTTPResponse:
        return self.request("POST", "", body, **headers)

    def post_text(self, content: str, type_: str = "CREATE_USERS", filename: str = "users.csv") -> HTTPResponse:
        path = f"?type={type_}&filename={filename}"
        return self.request("POST", path, content.encode(), Content_Type="text/csv")

    def post_form_data(self, *parts: tuple[str, bytes]) -> HTTPResponse:
        """Each with what stands in its Content-Disposition behind `form-data`."""
        body = b"".join(
            f"--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"
            for head, content in parts
        )
        content_type = f"multipart/form-data; boundary={BOUNDARY}"
        return self.request("POST", "", body + f"--{BOUNDARY}--\r\n".encode(), Content_Type=content_type)

    def started(self, content: str, type_: str = "CREATE_USERS") -> str:
        """The id of an import that has been created and has not begun."""
        response = self.post_text(content, type_)
        assert response.status_code == 201, response.json_body
        return str(response.json_body["id"])

    def ran(self, content: str, type_: str = "CREATE_USERS") -> str:
        """The id of an import that has ended."""
        import_id = self.started(content, type_)
        self.run_to_end(import_id)
        return import_id

    def run_to_end(self, import_id: str) -> None:
        run_import(self.machine, self.find(import_id))

    def upload(self, import_id: str, content: bytes) -> None:
        """What S3 and its event do."""
        file = self.world.uploaded(self.find(import_id), content)
        receive_file(self.world.context, file.key, file.version_id)

    def find(self, import_id: str) -> Import:
        found = self.world.stores.imports.find(OURS, ImportId(import_id))
        assert found is not None
        return found

    def show(self, import_id: str) -> JSON:
        shown: JSON = self.get(f"/{import_id}").json_body
        return shown

    def records(self, import_id: str, query: str = "") -> list[JSON]:
        response = self.get(f"/{import_id}/records{query}")
        assert response.status_code == 200, response.json_body
        records: list[JSON] = response.json_body["_embedded"]["records"]
        return records

    def users(self) -> list[JSON]:
        """Fields of the records that are stored, by e-mail."""
        page = self.world.stores.records.list_records(OURS, "users", limit=100, cursor=None)
        return sorted((dict(one.fields) for one in page.records), key=lambda one: str(one["email"]))

    def _http(self) -> Client:
        app = Chalice("talkdesk-contract", configure_logs=False)
        app.api.binary_types.append("multipart/form-data")
        app.register_blueprint(talkdesk_routes(lambda: self.world.context, lambda request: BASE))
        return Client(app)


def import_body(client: TalkdeskClient, import_id: str, **given: object) -> JSON:
    """An import as it is shown that has just been created by text, but for what is given."""
    links = {"self": {"href": f"{USERS}/{import_id}"}, "records": {"href": f"{USERS}/{import_id}/records"}}
    return {
        "id": import_id,
        "filename": "users.csv",
        "total_records": 0,
        "failed_records": 0,
        "completed_records": 0,
        "status": "QUEUED",
        "type": "CREATE_USERS",
        "created_by": client.client_id,
        "created_at": AT,
        "updated_by": client.client_id,
        "updated_at": AT,
        "canceled_by": None,
        "canceled_at": None,
        "_links": links,
    } | given
