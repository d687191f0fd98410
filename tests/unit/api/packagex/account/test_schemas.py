"""The schema of a key has no room for a secret."""

from pydantic import TypeAdapter

from chalicelib.api.packagex.account.schemas import PackageXKey


def test_a_key_is_shown_without_secret_and_digest() -> None:
    assert {"secret", "digest"}.isdisjoint(TypeAdapter(PackageXKey).json_schema()["properties"])
