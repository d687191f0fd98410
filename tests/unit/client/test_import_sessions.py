"""Import sessions by the client: made once, with the address of their importer."""

import anyio
import pytest

from sluice import Invalid
from tests.service_in_memory import ServiceInMemory

ORIGIN = "https://app.example.com"


def test_a_session_is_created_with_the_address_of_its_importer() -> None:
    session = (
        ServiceInMemory()
        .client()
        .import_sessions.create(resource="customers", allow=["merge"], allow_origin=ORIGIN, expires_in=600, locale="de")
    )

    assert session.importer_url is not None
    assert f"/importer/{session.id}#imt_" in session.importer_url
    assert (session.resource, session.allow, session.locale) == ("customer", ("merge",), "de")
    assert session.expires_at is not None
    assert session.created_at is not None
    assert (session.expires_at - session.created_at).total_seconds() == 600


def test_a_program_that_awaits_creates_one_too() -> None:
    async def create() -> str | None:
        client = ServiceInMemory().async_client()
        made = await client.import_sessions.create(resource="customers", allow=["merge"], allow_origin=ORIGIN)
        return made.importer_url

    assert anyio.run(create)


def test_what_cannot_be_raises() -> None:
    with pytest.raises(Invalid, match="allow_origin"):
        ServiceInMemory().client().import_sessions.create(resource="customers", allow=["merge"], allow_origin="*")
