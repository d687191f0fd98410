"""Who has an answer already is told so, and nothing that matters is ever kept back."""

from typing import Any

import pytest
from chalice.app import Response

from chalicelib.api.http.call import Call
from chalicelib.api.http.entity_tags import with_entity_tag
from tests.unit.api.http.test_response import a_request
from tests.world import World

BODY: dict[str, Any] = {"data": [{"id": "imp_1", "status": "processing", "progress": {"percent": 3}}]}


def ask(world: World, body: dict[str, Any], known: str = "") -> Response:
    """Answers with the body; the caller knows this tag."""
    headers = {"If-None-Match": known} if known else {}
    call = Call(context=world.context, caller=world.caller(), request=a_request(headers), path={})
    return with_entity_tag(Response(body, {"Content-Type": "application/json"}), call)


def tag(world: World, body: dict[str, Any]) -> str:
    return str(ask(world, body).headers["ETag"])


def test_an_answer_bears_its_tag_and_stays_as_it_is() -> None:
    answer = ask(World(), BODY)

    assert (answer.status_code, answer.body) == (200, BODY)
    assert str(answer.headers["ETag"]).startswith('W/"')


@pytest.mark.parametrize("shape", ["{}", '"other", {}', "{},*", "*"])
def test_who_has_the_answer_gets_no_body(shape: str) -> None:
    world = World()

    answer = ask(world, BODY, shape.format(tag(world, BODY)))

    assert (answer.status_code, answer.body) == (304, "")
    assert answer.headers["ETag"] == tag(world, BODY)


def test_tags_are_compared_without_the_sign_of_weakness() -> None:
    world = World()

    assert ask(world, BODY, tag(world, BODY).removeprefix("W/")).status_code == 304


def test_any_change_changes_the_tag() -> None:
    world = World()
    changed = {"data": [{**BODY["data"][0], "status": "completed"}]}

    assert ask(world, changed, tag(world, BODY)).status_code == 200


@pytest.mark.parametrize("name", ["rows_per_second", "remaining_s", "_upload_expires_at"])
def test_what_passes_is_no_change(name: str) -> None:
    world = World()

    assert tag(world, {"data": {name: 7}}) == tag(world, {"data": {name: 8}})


def test_a_link_that_is_signed_anew_is_no_change_but_whether_there_is_one_is() -> None:
    world = World()
    one, other, none = ({"data": {"_upload_url": url}} for url in ("https://a?1", "https://a?2", None))

    assert tag(world, one) == tag(world, other)
    assert tag(world, one) != tag(world, none)


def test_no_link_is_kept_beyond_half_of_its_time() -> None:
    world = World()
    body = {"data": {"_upload_url": "https://a?1"}}
    before = tag(world, body), tag(world, BODY)

    world.now += world.context.limits.upload_link_s // 2

    assert tag(world, body) != before[0]
    assert tag(world, BODY) == before[1]


@pytest.mark.parametrize("status", [201, 404, 500])
def test_other_answers_have_no_tag(status: int) -> None:
    world = World()
    call = Call(context=world.context, caller=world.caller(), request=a_request({}), path={})

    assert "ETag" not in with_entity_tag(Response({}, {}, status), call).headers
