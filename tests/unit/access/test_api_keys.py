"""Keys are issued, rotated and revoked; a secret is given out once and stored as a digest."""

from dataclasses import asdict
from itertools import count

import pytest

from chalicelib.access.api_keys import IssuedKey, KeyIssuer, KeyRequest
from chalicelib.access.authentication import authenticate
from chalicelib.errors import NotFound, Refused
from chalicelib.model.api_keys import KINDS, KeyKind, Scope
from chalicelib.model.ids import TenantId, sibling_of
from tests.world import NOW, OURS, THEIRS, World

DAY_S = 24 * 3600


class Desk:
    """An issuer in a world whose clock can be moved."""

    def __init__(self) -> None:
        self.world = World()
        self._numbers = count(1)

    @property
    def issuer(self) -> KeyIssuer:
        return KeyIssuer(keys=self.world.stores.keys, now=self.world.now, new_secret=self._new_secret)

    def issued(self, kind: KeyKind = KeyKind.SK_LIVE, **given: object) -> IssuedKey:
        return self.issuer.issue(KeyRequest(tenant_id=OURS, kind=kind, **given))  # type: ignore[arg-type]

    def opens(self, secret: str) -> bool:
        try:
            return bool(authenticate(self.world.context, secret))
        except Refused:
            return False

    def _new_secret(self) -> str:
        return f"{next(self._numbers):032}"


@pytest.mark.parametrize(
    ("kind", "prefix"),
    [
        (KeyKind.PX, "px_"),
        (KeyKind.SK_LIVE, "sk_live_"),
        (KeyKind.SK_TEST, "sk_test_"),
        (KeyKind.PK_LIVE, "pk_live_"),
        (KeyKind.PK_TEST, "pk_test_"),
        (KeyKind.KSR, "ksr_"),
        (KeyKind.KSR_ADMIN, "ksr_"),
    ],
)
def test_a_key_opens_with_the_secret_it_was_issued_with(kind: KeyKind, prefix: str) -> None:
    desk = Desk()

    issued = desk.issued(kind)

    assert issued.secret == f"{prefix}{'1':0>32}"
    assert issued.key.hint == f"{prefix}…0001"
    assert desk.opens(issued.secret)


def test_the_secret_is_not_stored() -> None:
    desk = Desk()

    issued = desk.issued()

    assert issued.secret not in repr(asdict(issued.key))
    assert desk.world.stores.keys.list_keys(OURS) == [issued.key]


@pytest.mark.parametrize("kind", [KeyKind.SK_TEST, KeyKind.PK_TEST])
def test_a_test_key_sees_the_sibling_and_is_listed_with_the_tenant(kind: KeyKind) -> None:
    desk = Desk()

    key = desk.issued(kind).key

    assert (key.tenant_id, key.test_of, key.live_tenant_id) == (sibling_of(OURS), OURS, OURS)
    assert desk.world.stores.keys.list_keys(OURS) == [key]


def test_the_sibling_of_a_tenant_is_always_the_same_and_of_no_other_tenant() -> None:
    assert sibling_of(OURS) == "4c8222ce-9b3b-56b6-8350-3939c9ae4e14"
    assert len({OURS, THEIRS, sibling_of(OURS), sibling_of(THEIRS)}) == 4


def test_publishable_keys_and_keys_without_admin_do_nothing() -> None:
    writing = {kind for kind in KeyKind if Scope.IMPORTS_WRITE in KINDS[kind].scopes}

    assert writing == {KeyKind.PX, KeyKind.SK_LIVE, KeyKind.SK_TEST, KeyKind.KSR_ADMIN, KeyKind.TD_CLIENT}
    assert KINDS[KeyKind.PK_LIVE].scopes == KINDS[KeyKind.PK_TEST].scopes == set()
    assert KINDS[KeyKind.KSR].scopes == set()


def test_a_key_may_have_fewer_scopes_than_its_kind() -> None:
    assert Desk().issued(scopes=frozenset({Scope.IMPORTS_READ})).key.scopes == {Scope.IMPORTS_READ}


def test_a_key_has_no_more_scopes_than_its_kind() -> None:
    with pytest.raises(Refused, match="no imports:write"):
        Desk().issued(KeyKind.PK_LIVE, scopes=frozenset({Scope.IMPORTS_WRITE}))


def test_a_key_opens_until_it_expires() -> None:
    desk = Desk()
    secret = desk.issued(expires_at=NOW + 10).secret

    desk.world.now = NOW + 9
    before = desk.opens(secret)
    desk.world.now = NOW + 10

    assert before
    assert not desk.opens(secret)


def test_a_key_that_would_have_expired_is_not_issued() -> None:
    with pytest.raises(Refused, match="expired already"):
        Desk().issued(expires_at=NOW)


def test_a_revoked_key_opens_nothing_more() -> None:
    desk = Desk()
    issued = desk.issued()

    revoked = desk.issuer.revoke(OURS, issued.key.key_id)

    assert revoked.revoked_at == NOW
    assert not desk.opens(issued.secret)


def test_both_keys_of_a_rotation_are_good_until_the_overlap_ends() -> None:
    desk = Desk()
    old = desk.issued(KeyKind.SK_TEST, name="billing")

    new = desk.issuer.rotate(OURS, old.key.key_id, overlap_s=60)

    assert (new.key.kind, new.key.name, new.key.tenant_id) == (KeyKind.SK_TEST, "billing", sibling_of(OURS))
    assert (desk.opens(old.secret), desk.opens(new.secret)) == (True, True)
    desk.world.now = NOW + 60
    assert (desk.opens(old.secret), desk.opens(new.secret)) == (False, True)


def test_a_rotated_key_lives_as_long_as_the_old_one_did() -> None:
    desk = Desk()
    old = desk.issued(expires_at=NOW + 30 * DAY_S)
    desk.world.now += 20 * DAY_S

    new = desk.issuer.rotate(OURS, old.key.key_id)

    assert new.key.expires_at == NOW + 50 * DAY_S
    assert desk.issuer.get(OURS, old.key.key_id).expires_at == NOW + 21 * DAY_S


def test_what_has_ended_is_not_rotated() -> None:
    desk = Desk()
    key_id = desk.issued().key.key_id
    desk.issuer.revoke(OURS, key_id)

    with pytest.raises(Refused, match="has ended"):
        desk.issuer.rotate(OURS, key_id)


@pytest.mark.parametrize("tenant_id", [THEIRS, sibling_of(OURS), TenantId("")])
def test_the_key_of_another_tenant_does_not_exist(tenant_id: TenantId) -> None:
    desk = Desk()
    issued = desk.issued()

    with pytest.raises(NotFound):
        desk.issuer.revoke(tenant_id, issued.key.key_id)
    with pytest.raises(NotFound):
        desk.issuer.rotate(tenant_id, issued.key.key_id)
    assert desk.opens(issued.secret)
