"""Every refusal of the catalogue has PackageX's look."""

import pytest

from chalicelib.api.packagex.errors import WORDS, render_internal_error, render_refusal, render_unavailable
from chalicelib.errors import Refused
from chalicelib.model.refusals import KINDS, RefusalCode


@pytest.mark.parametrize("code", sorted(KINDS))
def test_every_refusal_has_the_envelope(code: RefusalCode) -> None:
    response = render_refusal(Refused(code, "It is so.", param="data"), endpoint="/v1/imports")

    status, word = WORDS.get(code)
    assert 400 <= status < 500
    assert response.status_code == status
    assert response.body == {
        "message": "It is so.",
        "data": {},
        "status": status,
        "errors": ["data: It is so."],
        "code": word,
        "events": [],
        "pagination": None,
        "endpoint": "/v1/imports",
    }


def test_several_faults_are_all_told() -> None:
    refusal = Refused("invalid_parameter", "a: x", param="a", errors=["a: x", "b: y"])

    assert render_refusal(refusal, endpoint="/").body["errors"] == ["a: x", "b: y"]


def test_failures_of_ours_tell_no_details() -> None:
    assert (render_internal_error(endpoint="/").status_code, render_internal_error(endpoint="/").body["code"]) == (
        500,
        "internal_error",
    )
    busy = render_unavailable(endpoint="/")
    assert (busy.status_code, busy.body["code"], busy.headers["Retry-After"]) == (503, "service_unavailable", "1")
