"""How Talkdesk answers: whole links, templates in HAL-FORMS only, nothing in a type that is not taken."""

from dataclasses import replace
from typing import Any

import pytest
from chalice.app import Request

from chalicelib.access.context import Caller
from chalicelib.api.http.call import Call
from chalicelib.api.talkdesk.adapter import make_adapter, render_document, requires_accept
from chalicelib.api.talkdesk.content_negotiation import CSV, HAL, HAL_FORMS, JSON
from chalicelib.api.talkdesk.openapi_examples import imports, waiting
from chalicelib.errors import Refused
from tests.world import OURS, World

BASE = "https://api.example.com"


def a_call(accept: str) -> Call:
    request = Request(
        {
            "multiValueQueryStringParameters": None,
            "headers": {"accept": accept},
            "pathParameters": {},
            "requestContext": {"httpMethod": "GET", "resourcePath": "/", "path": "/"},
            "stageVariables": None,
            "body": None,
        }
    )
    caller = Caller(tenant_id=OURS, key_id="key_1", scopes=frozenset())
    return Call(context=World().context, caller=caller, request=request, path={})


@pytest.mark.parametrize(("media_type", "has_templates"), [(HAL, False), (JSON, False), (HAL_FORMS, True)])
def test_templates_are_in_hal_forms_and_there_always(media_type: str, has_templates: bool) -> None:
    assert ("_templates" in render_document(imports(), BASE, media_type)) == has_templates
    assert ("_templates" in render_document(replace(imports(), templates={}), BASE, media_type)) == has_templates


def test_links_are_whole() -> None:
    document: Any = render_document(waiting(), BASE, HAL)

    assert document["_links"]["self"]["href"].startswith(f"{BASE}/bulk-imports/users/")
    assert document["_links"]["upload"]["href"].startswith("https://files.example.com")


def test_an_answer_has_its_status_and_the_type_that_is_taken() -> None:
    response = make_adapter(lambda request: BASE).render_answer(waiting(), a_call(HAL_FORMS))

    assert (response.status_code, response.headers["Content-Type"]) == (201, HAL_FORMS)


def test_nothing_is_done_for_a_caller_who_takes_no_type_of_ours() -> None:
    seen: list[Call] = []

    def view(call: Call) -> Any:
        seen.append(call)
        return waiting()

    guarded = requires_accept(CSV)(view)

    with pytest.raises(Refused) as refusal:
        guarded(a_call(HAL))
    assert (refusal.value.code, refusal.value.param, seen) == ("not_acceptable", "Accept", [])
    assert guarded(a_call(CSV)) == waiting()
