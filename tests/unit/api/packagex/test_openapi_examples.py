"""Examples are enveloped as answers are."""

from chalicelib.api.packagex.openapi_examples import enveloped, success
from chalicelib.api.packagex.schemas import PackageXEnvelope


def test_an_example_has_the_envelope_of_an_answer() -> None:
    example = enveloped("Created.", {"id": 1}, "/v1/imports", 201)

    assert (example["status"], example["endpoint"], example["data"]) == (201, "/v1/imports", {"id": 1})


def test_the_description_of_a_success_is_its_message() -> None:
    [one] = success(PackageXEnvelope, enveloped("Gone.", {}, "/v1/imports"))

    assert (one.text, one.status, list(one.examples)) == ("Gone.", 200, ["an answer"])
