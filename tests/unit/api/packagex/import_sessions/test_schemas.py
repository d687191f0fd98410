"""The schema of a session has no room for a secret."""

from pydantic import TypeAdapter

from chalicelib.api.packagex.import_sessions.schemas import PackageXSession


def test_a_session_is_shown_without_secrets_and_digests() -> None:
    shown = TypeAdapter(PackageXSession).json_schema()["properties"]

    assert [name for name in shown if "token" in name or "credential" in name or "digest" in name] == []
