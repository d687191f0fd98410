"""The log of events, as PackageX clients follow it; whole bodies."""

from chalicelib.model.api_keys import KeyKind, Scope
from chalicelib.model.events import event_of_export, event_of_import
from chalicelib.model.exports import ExportStatus
from chalicelib.model.imports import Import, Status
from chalicelib.webhooks.outbox import publish_now
from tests.contract.packagex.bodies import enveloped, refusal
from tests.contract.packagex.clients import JSON, PackageXClient
from tests.world import NOW, an_export


def published(client: PackageXClient, import_id: str) -> Import:
    import_ = client.world.add_import(Status.COMPLETED, import_id, unpublished_since=NOW)
    publish_now(client.world.stores, import_)
    return import_


def body_of(import_: Import) -> JSON:
    return event_of_import(import_).to_body()


def page(cursor: str, *, limit: int = 25, has_more: bool = False) -> JSON:
    return {"limit": limit, "page": None, "has_more": has_more, "total_count": None, "cursor": cursor}


def test_the_log_is_followed_from_page_to_page_and_beyond_its_end() -> None:
    client = PackageXClient()
    one, two = published(client, "imp_1"), published(client, "imp_2")

    first = client.get("/v1/events?limit=1").json_body
    cursor = first["pagination"]["cursor"]
    second = client.get(f"/v1/events?after={cursor}").json_body
    end = second["pagination"]["cursor"]
    nothing = client.get(f"/v1/events?after={end}").json_body
    three = published(client, "imp_3")

    message, path = "Events retrieved.", "/v1/events"
    assert first == enveloped([body_of(one)], message, path, pagination=page(cursor, limit=1, has_more=True))
    assert second == enveloped([body_of(two)], message, path, pagination=page(end))
    assert nothing == enveloped([], message, path, pagination=page(end))
    assert client.get(f"/v1/events?after={end}").json_body["data"] == [body_of(three)]


def test_exports_are_listed_too_and_the_id_of_an_event_is_a_cursor() -> None:
    client = PackageXClient()
    import_ = published(client, "imp_1")
    export = an_export(ExportStatus.COMPLETED, unpublished_since=NOW)
    client.world.stores.exports.add(export)
    publish_now(client.world.stores, export)

    answer = client.get(f"/v1/events?after={event_of_import(import_).event_id}").json_body

    assert answer["data"] == [event_of_export(export).to_body()]


def test_what_is_no_cursor_is_refused() -> None:
    response = PackageXClient().get("/v1/events?after=nonsense")

    text = "The cursor 'nonsense' does not belong to this listing; start again without one."
    assert refusal(response) == (400, "validation_failed", [f"after: {text}"])


def test_the_log_takes_the_scope_of_those_who_read_webhooks() -> None:
    client = PackageXClient()
    client.world.key("px_only", scopes=frozenset(Scope) - {Scope.WEBHOOKS_READ})
    client.world.key("pk_live_x", kind=KeyKind.PK_LIVE, scopes=frozenset(Scope))

    statuses = [
        client.request("GET", "/v1/events", headers={"PX-API-KEY": key}).status_code for key in ("px_only", "pk_live_x")
    ]

    assert statuses == [403, 403]
