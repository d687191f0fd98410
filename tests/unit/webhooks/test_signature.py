"""How a webhook signs."""

from chalicelib.webhooks.signature import signature_of


def test_the_signature_is_the_hmac_of_time_and_raw_body() -> None:
    """The value was made with `printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac whsec_x`."""
    assert (
        signature_of(["whsec_x"], b'{"a":1}', at=1_700_000_000)
        == "t=1700000000,v1=b3438763ab46d9634b9844c8722818eaf523f803db1327484c6067462a5fd6d1"
    )


def test_two_secrets_sign_side_by_side() -> None:
    both = signature_of(["new", "old"], b"x", at=1)

    new, old = (signature_of([one], b"x", at=1).removeprefix("t=1,") for one in ("new", "old"))
    assert both == f"t=1,{new},{old}"
