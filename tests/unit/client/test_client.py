from pathlib import Path
from typing import assert_type

import anyio
import httpx
import pytest

from sluice import AsyncImport, AsyncSluice, Import, NotSignedIn, RowsFailed, Sluice, Unauthorized
from tests.service_in_memory import NO_PAUSES, URL, Faulty, ServiceInMemory, refused, unanswered

CSV = b"Name,Email\nKylo Ren,kylo@example.com\nHan Solo,wrong\n"


def test_what_awaits_does_the_same_as_what_blocks(tmp_path: Path) -> None:
    service = ServiceInMemory()
    (tmp_path / "people.csv").write_bytes(CSV)

    async def run() -> tuple[AsyncImport, list[str], list[str]]:
        async with service.async_client(unanswered(service), refused(503)) as sluice:
            rehearsal = await sluice.imports.preview(tmp_path / "people.csv", resource="contacts")
            done = await (await rehearsal.confirm()).wait()
            codes = [row.problems[0].code async for row in done.rows(outcome="failed")]
            emails = [record.fields["email"] async for record in sluice.records.each("contacts")]
        return done, codes, emails

    done, codes, emails = anyio.run(run)

    assert (done.stats.created, codes, emails) == (1, ["invalid_email"], ["kylo@example.com"])
    with pytest.raises(RowsFailed):
        done.raise_for_rows()


def test_types_say_which_of_the_two_it_is() -> None:
    service = ServiceInMemory()
    begun = service.client().imports.start(CSV, resource="contacts", filename="people.csv")

    async def look(sluice: AsyncSluice) -> AsyncImport:
        return assert_type(await (await sluice.imports.get(begun.id)).wait(timeout_s=1), AsyncImport)

    assert isinstance(assert_type(begun.wait(timeout_s=1), Import), Import)
    assert isinstance(anyio.run(look, service.async_client()), AsyncImport)


def test_operations_keep_their_documentation() -> None:
    assert Import.wait.__doc__ == AsyncImport.wait.__doc__
    assert (Import.wait.__doc__ or "").startswith("Returns the import once it has ended")


def test_a_wrong_key_is_told() -> None:
    service = ServiceInMemory()
    client = Sluice(URL, "px_wrong", retry=NO_PAUSES, http=httpx.Client(transport=Faulty(service, [])))

    with pytest.raises(Unauthorized) as raised:
        client.imports.get("imp_1")

    assert raised.value.code == "api_key_invalid"
    assert "px_wrong" not in str(raised.value)


def test_a_key_is_shown_nowhere() -> None:
    assert "px_secret" not in repr(vars(ServiceInMemory().client().imports))


def test_without_an_address_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    for name in ("SLUICE_URL", "SLUICE_KEY", "SLUICE_AS"):
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(NotSignedIn, match="sluice login, or set SLUICE_URL and SLUICE_KEY"):
        Sluice()


def test_a_client_closes_what_it_has_opened() -> None:
    given = httpx.Client()

    with Sluice(URL, "px", http=given):
        pass
    with Sluice(URL, "px") as own:
        opened = own._http

    assert (given.is_closed, opened.is_closed) == (False, True)


@pytest.mark.parametrize(("url", "is_asked"), [("http://127.0.0.9:8080", False), ("https://api.example.com", True)])
def test_no_proxy_leads_to_this_machine(url: str, is_asked: bool) -> None:
    with Sluice(url, "px") as client:
        assert client._http.trust_env is is_asked


def test_any_route_can_be_asked() -> None:
    service = ServiceInMemory()

    async def ask() -> object:
        async with service.async_client() as sluice:
            return await sluice.ask("GET", "/v1/imports?limit=1")

    made = service.client().ask("POST", "/v1/webhooks", {"url": "https://hooks.example.com/a"})

    assert made["url"] == "https://hooks.example.com/a"
    assert service.client().ask("DELETE", f"/v1/webhooks/{made['id']}")["deleted"]
    assert anyio.run(ask) == []
