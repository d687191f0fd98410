import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from chalicelib.errors import Retryable
from chalicelib.stores.clients import at_first_use, is_aws, mendable


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
    with pytest.raises(Retryable, match="reading it"), mendable("reading it"):
        raise error


@pytest.mark.parametrize("error", [refused("AccessDenied", 403), refused("NoSuchKey", 404), ValueError("a bug")])
def test_the_rest_passes_as_it_is(error: Exception) -> None:
    with pytest.raises(type(error)) as passed, mendable("reading it"):
        raise error

    assert passed.value is error


def test_a_client_is_made_when_it_is_first_used_and_never_again() -> None:
    made: list[object] = []

    def make() -> object:
        made.append(object())
        return made[-1]

    client = at_first_use(make)

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
