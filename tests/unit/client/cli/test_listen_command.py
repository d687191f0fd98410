"""`sluice webhooks listen`, before a service in memory and receivers on loopback."""

import json

import httpx
import pytest

from sluice.cli.app import App
from sluice.cli.main import run
from sluice.webhooks import verify
from tests.receivers import Receiver
from tests.service_in_memory import Fault, ServiceInMemory, passed, refused, unconnected

ROWS = b"name,email\nAnn,ann@example.com\nBen,wrong\n"


@pytest.fixture
def service() -> ServiceInMemory:
    """Two imports and an export have ended."""
    service = ServiceInMemory()
    client = service.client()
    for _ in range(2):
        client.imports.run(ROWS, resource="contacts")
    client.exports.run("contacts")
    return service


def interrupted(request: httpx.Request) -> httpx.Response:
    """Ctrl-C, while something is asked for."""
    raise KeyboardInterrupt


def listen(service: ServiceInMemory, *arguments: str, faults: tuple[Fault, ...] = (passed, interrupted)) -> int:
    """Listens from the first event on, until Ctrl-C."""
    first = next(service.client().webhooks.events())
    connect = lambda _: service.client(*faults)  # noqa: E731
    return run(["webhooks", "listen", "--after", first.event_id, *arguments], App(connect=connect))


def test_events_are_printed_until_ctrl_c(service: ServiceInMemory, capsys: pytest.CaptureFixture[str]) -> None:
    events = [*service.client().ask("GET", "/v1/events")][1:]

    code = listen(service)

    out, err = capsys.readouterr()
    assert code == 130
    assert [line.split()[1:] for line in out.splitlines()] == [
        ["import.completed", events[0]["id"], "=1", "!1"],
        ["export.completed", events[1]["id"], str(events[1]["stats"]["total"]), "rows"],
    ]
    assert err == "Listening at http://sluice.test: all events. Ctrl-C ends it.\n\n"
    assert max(map(len, out.splitlines())) <= 80


def test_as_json_each_is_a_line_as_webhooks_get_it(
    service: ServiceInMemory, capsys: pytest.CaptureFixture[str]
) -> None:
    listen(service, "--json", "--events", "export.completed")

    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line) == service.client().ask("GET", "/v1/events")[2]


def test_what_is_forwarded_is_what_a_webhook_would_send(
    service: ServiceInMemory, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLUICE_WEBHOOK_SECRET", "whsec_mine")
    with Receiver() as receiver:
        receiver.answers = [500]

        listen(service, "--forward", receiver.url)

        heard = [receiver.heard.get(timeout=5) for _ in range(2)]
    events = [verify(one.body, one.headers, secret="whsec_mine") for one in heard]
    assert [one.raw for one in events] == service.client().ask("GET", "/v1/events")[1:]
    assert [one.headers["x-sluice-event-id"] for one in heard] == [one.event_id for one in events]
    assert heard[0].headers["content-type"] == "application/json"
    err = capsys.readouterr().err.split("\n")
    assert err[1] == f"Forwarding to {receiver.url}, signed by whsec_mine"
    assert err[2:] == ["  → 500 Internal Server Error", "  → 200 OK", "", ""]


def test_a_receiver_that_is_not_there_ends_nothing(
    service: ServiceInMemory, capsys: pytest.CaptureFixture[str]
) -> None:
    with Receiver() as receiver:
        url = receiver.url

    code = listen(service, "--forward", url)

    err = capsys.readouterr().err
    assert code == 130
    assert "signed by whsec_" in err
    assert err.count("  → no answer: ") == 2


def test_it_goes_on_after_the_service_was_out_of_reach(
    service: ServiceInMemory, capsys: pytest.CaptureFixture[str]
) -> None:
    code = listen(service, faults=(passed, *[refused(503, Retry_After="0")] * 4, interrupted))

    out, err = capsys.readouterr()
    assert (code, len(out.splitlines())) == (130, 2)
    assert "Listening goes on." in err


@pytest.mark.parametrize(
    ("arguments", "faults", "ending"),
    [
        (["--events", "import.done"], (), (2, "There is no event import.done. All of them: ")),
        (["--forward", "ftp://x"], (), (2, "begins with http:// or https://")),
        ([], (unconnected,) * 4, (5, "is not reachable")),
        ([], (refused(401),), (4, "sluice login")),
    ],
    ids=["an unknown event", "no address", "not reachable", "no key"],
)
def test_what_is_wrong_from_the_beginning_is_said(
    capsys: pytest.CaptureFixture[str], arguments: list[str], faults: tuple[Fault, ...], ending: tuple[int, str]
) -> None:
    connect = lambda _: ServiceInMemory().client(*faults)  # noqa: E731

    code = run(["webhooks", "listen", *arguments], App(connect=connect))

    assert (code, ending[1] in capsys.readouterr().err) == (ending[0], True)
