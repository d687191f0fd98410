from pathlib import Path

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoRegionError, ReadTimeoutError

from chalicelib.errors import Retryable
from chalicelib.stores.clients import CONFIG, AwsSession, is_aws, lazy_client, retryable_errors


def refused(code: str, status: int) -> ClientError:
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "Do")  # type: ignore[typeddict-item]  # what matters of an answer


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(refused("SlowDown", 503), id="S3 throttles"),
        pytest.param(refused("Whatever", 500), id="server failed"),
        pytest.param(refused("Whatever", 429), id="too many"),
        pytest.param(refused("ThrottlingException", 400), id="throttled"),
        pytest.param(refused("ProvisionedThroughputExceededException", 400), id="table throttled"),
        pytest.param(EndpointConnectionError(endpoint_url="http://x"), id="no connection"),
        pytest.param(ReadTimeoutError(endpoint_url="http://x"), id="no answer"),
    ],
)
def test_what_retrying_may_mend_is_retryable(error: Exception) -> None:
    with pytest.raises(Retryable, match="reading it"), retryable_errors("reading it"):
        raise error


@pytest.mark.parametrize("error", [refused("AccessDenied", 403), refused("NoSuchKey", 404), ValueError("a bug")])
def test_the_rest_passes_as_it_is(error: Exception) -> None:
    with pytest.raises(type(error)) as passed, retryable_errors("reading it"):
        raise error

    assert passed.value is error


def test_a_session_speaks_for_whom_and_to_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "eu-west-1"}
    for name, value in {**given, "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9"}.items():
        monkeypatch.setenv(name, value)

    session = AwsSession()

    credentials = session.get_credentials()
    assert credentials is not None
    assert (credentials.access_key, session.region_name) == ("AKID", "eu-west-1")
    assert session.client("s3", config=CONFIG).meta.endpoint_url == "http://127.0.0.1:9"
    assert session.client("events", config=CONFIG).meta.region_name == "eu-west-1"


def test_a_session_without_a_region_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))

    with pytest.raises(NoRegionError):
        _ = AwsSession().region_name


def test_a_client_is_made_when_it_is_first_used_and_never_again() -> None:
    made: list[object] = []

    def make() -> object:
        made.append(object())
        return made[-1]

    client = lazy_client(make)

    assert made == []
    assert client() is client()
    assert len(made) == 1


@pytest.mark.parametrize(
    ("url", "is_ours"),
    [
        ("https://s3.eu-west-1.amazonaws.com", True),
        ("https://s3.cn-north-1.amazonaws.com.cn", True),
        ("http://127.0.0.1:4566", False),
        ("http://localhost:4566/amazonaws.com", False),
        ("http://amazonaws.com.example.org", False),
    ],
)
def test_an_endpoint_of_aws_is_known_by_its_host(url: str, is_ours: bool) -> None:
    assert is_aws(url) is is_ours
