"""The demo's keys: the same at every start, until there is something that they may not do."""

from pathlib import Path

from chalicelib.access.api_keys import KeyRequest, key_of
from chalicelib.model.api_keys import KINDS, ApiKey, KeyKind, Scope
from chalicelib.stores.memory.access import MemoryKeys
from local.keys import TenantKey, keys_known_to


def test_keys_are_the_same_at_every_start(tmp_path: Path) -> None:
    first = keys_known_to(MemoryKeys(), tmp_path / "keys.json")

    assert keys_known_to(MemoryKeys(), tmp_path / "keys.json") == first


def test_a_key_that_lacks_a_scope_is_made_anew_for_the_same_tenant(tmp_path: Path) -> None:
    store, kept = MemoryKeys(), tmp_path / "keys.json"
    first = keys_known_to(MemoryKeys(), kept)
    store.add(_made_before_there_was_undo(first.of(KeyKind.PX)))

    second = keys_known_to(store, kept)

    assert second.tenant_id == first.tenant_id
    assert second.of(KeyKind.PX) != first.of(KeyKind.PX)
    assert second.of(KeyKind.SK_LIVE) == first.of(KeyKind.SK_LIVE)
    known = store.find_named(second.tenant_id, second.of(KeyKind.PX).key_id)
    assert known is not None
    assert Scope.IMPORTS_UNDO in known.scopes
    assert keys_known_to(store, kept) == second


def _made_before_there_was_undo(key: TenantKey) -> ApiKey:
    scopes = KINDS[key.kind].scopes - {Scope.IMPORTS_UNDO}
    return key_of(key.secret, KeyRequest(tenant_id=key.tenant_id, kind=key.kind, name="demo", scopes=scopes), now=0)
