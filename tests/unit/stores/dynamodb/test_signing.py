"""Requests bear the signature that botocore would have given them."""

from datetime import UTC, datetime

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.stores.dynamodb.signing import RequestSigner, host_of

LETTERS = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/+=-", min_size=1)
URLS = ["https://dynamodb.eu-west-1.amazonaws.com/", "http://127.0.0.1:8000/", "http://[::1]:8000/", "https://a.b:443/"]


@given(
    credentials=st.builds(Credentials, LETTERS, LETTERS, st.none() | LETTERS),
    region=st.sampled_from(["eu-west-1", "us-gov-west-1"]),
    url=st.sampled_from(URLS),
    content=st.binary(max_size=200),
)
def test_the_signature_is_botocores(credentials: Credentials, region: str, url: str, content: bytes) -> None:
    headers = {"X-Amz-Target": "DynamoDB_20120810.GetItem", "Content-Type": "application/x-amz-json-1.0"}
    theirs = AWSRequest("POST", url, data=content, headers=headers)
    SigV4Auth(credentials, "dynamodb", region).add_auth(theirs)
    at = datetime.strptime(theirs.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)

    ours = RequestSigner(credentials, region, url, lambda: at).sign("GetItem", content)

    assert ours.pop("host") == host_of(url)
    assert ours == {name.lower(): value for name, value in theirs.headers.items()}


def test_another_day_has_another_key() -> None:
    days = iter([datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)])
    signer = RequestSigner(Credentials("AKID", "secret"), "eu-west-1", URLS[0], lambda: next(days))

    first, second = (signer.sign("GetItem", b"{}")["authorization"] for _ in range(2))

    assert "/20261130/" in first
    assert "/20261201/" in second
    assert first.rpartition("=")[2] != second.rpartition("=")[2]


def test_credentials_that_a_role_renewed_sign_the_next_request() -> None:
    credentials = Credentials("AKID", "old", "old token")
    signer = RequestSigner(credentials, "eu-west-1", URLS[0])
    signer.sign("GetItem", b"{}")

    credentials.access_key, credentials.secret_key, credentials.token = "NEW", "new", "new token"

    headers = signer.sign("GetItem", b"{}")
    assert headers["x-amz-security-token"] == "new token"
    assert "Credential=NEW/" in headers["authorization"]


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://dynamodb.eu-west-1.amazonaws.com/", "dynamodb.eu-west-1.amazonaws.com"),
        ("http://127.0.0.1:8000/", "127.0.0.1:8000"),
        ("http://[::1]:8000", "[::1]:8000"),
        ("https://a.b:443", "a.b"),
        ("http://a.b:80", "a.b"),
        ("http://a.b:443", "a.b:443"),
    ],
)
def test_the_host_is_named_with_its_port_where_that_is_not_the_usual_one(url: str, host: str) -> None:
    assert host_of(url) == host
