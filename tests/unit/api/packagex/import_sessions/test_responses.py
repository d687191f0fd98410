"""Import sessions in the words of PackageX."""

from dataclasses import replace

import pytest

from chalicelib.api.packagex.import_sessions.responses import importer_path, render_session
from chalicelib.imports.sessions import OpenedSession
from tests.unit.imports.test_sessions import SESSION
from tests.world import NOW

OPENED = replace(SESSION, credential_digest="c0")


@pytest.mark.parametrize(
    ("session", "now", "status"),
    [
        (SESSION, NOW, "created"),
        (OPENED, NOW, "opened"),
        (OPENED, SESSION.expires_at, "expired"),
        (replace(OPENED, revoked_at=NOW), SESSION.expires_at, "revoked"),
    ],
)
def test_a_status_says_what_the_session_opens(session: object, now: int, status: str) -> None:
    assert render_session(session, now=now)["status"] == status  # type: ignore[arg-type]  # of the table above


def test_the_token_stands_in_the_fragment() -> None:
    assert importer_path(OpenedSession(SESSION, "imt_1_2")) == "/importer/ims_1#imt_1_2"
