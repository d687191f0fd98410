"""What an import session may do with imports: make one, as a preview of a file that it sends; change it, confirm it,
cancel it; look at its rows, mend them and undo all. What is not named here it may not do.
"""

from chalicelib.api.http.router import Call
from chalicelib.api.packagex import ACTIONS
from chalicelib.api.packagex.imports.requests import PackageXImportRequest, PackageXImportUpdate
from chalicelib.api.packagex.parameters import known_resource
from chalicelib.errors import Refused
from chalicelib.imports import sessions
from chalicelib.imports.service import to_import_id
from chalicelib.model.import_sessions import ImportSession

OPTIONS = frozenset(
    (
        "action",
        "column_mapping",
        "duplicate_handling",
        "hold",
        "match_by",
        "name",
        "preview",
        "reading",
        "value_mapping",
    )
)
"""What a session may state of its import: how its file is read, and what its rows mean. What may be written, and how
much of it, its maker states by a profile."""
OF_FILE = frozenset({"content_type", "data", "filename", "parts", "resource", "size_bytes", "upload_mode"})


def admits_own(call: Call) -> None:
    """Admits a session to what it has made. Raises NotFound."""
    sessions.check_own_import(call.context, call.caller, to_import_id(call.path["import_id"]))


def admits_file(call: Call) -> None:
    """Admits a session to the import of a file that is sent later, as a preview. Raises Refused, Conflict."""
    session, body = _session(call), call.body(PackageXImportRequest)
    sessions.check_stated(body.model_fields_set, OPTIONS | OF_FILE)
    _check_preview(body)
    if not body.is_async:
        raise Refused("insufficient_scope", "An import session sends its file: async.", param="upload_mode")
    sessions.check_action(session, ACTIONS[body.action])
    sessions.check_new_file(call.context, session, known_resource(body.resource))


def admits_update(call: Call) -> None:
    """Admits a session to changes of what it has made. Raises Refused, NotFound."""
    admits_own(call)
    session, body = _session(call), call.body(PackageXImportUpdate)
    sessions.check_stated(body.model_fields_set, OPTIONS | {"status", "strict"})
    if "preview" in body.model_fields_set:
        _check_preview(body)
    sessions.check_action(session, ACTIONS[body.action] if body.action else None)


def _check_preview(body: PackageXImportRequest | PackageXImportUpdate) -> None:
    if body.preview is not True:
        message = "Must be true: an import session shows what would happen before it happens."
        raise Refused("insufficient_scope", message, param="preview")


def _session(call: Call) -> ImportSession:
    assert call.caller.session is not None, "only sessions come here"
    return call.caller.session
