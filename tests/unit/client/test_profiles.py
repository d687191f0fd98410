import anyio
import pytest

from sluice import Conflict, NotFound
from tests.service_in_memory import ServiceInMemory

ROWS = [{"Nom": "Ann", "email": "ann@example.com"}]


def test_a_profile_is_made_stated_anew_and_removed() -> None:
    profiles = ServiceInMemory().client().profiles

    first = profiles.save("weekly", resource="contacts", max_failed="5%", match_by=["email"])
    second = profiles.save("weekly", resource="contact", column_mapping={"name": "Nom", "phone": None})

    assert (first.version, second.version, second.id) == (1, 2, first.id)
    assert second.options == {"column_mapping": {"name": "Nom", "phone": None}}
    assert [one.name for one in profiles.list()] == ["weekly"]
    profiles.delete("weekly")
    with pytest.raises(NotFound):
        profiles.get("weekly")


def test_a_name_means_one_resource() -> None:
    profiles = ServiceInMemory().client().profiles
    profiles.save("weekly", resource="contacts", max_failed=1)

    with pytest.raises(Conflict, match="weekly is for contact, not customers"):
        profiles.save("weekly", resource="customers", max_failed=1)


def test_an_import_does_what_its_profile_says() -> None:
    client = ServiceInMemory().client()
    client.profiles.save("weekly", resource="contacts", duplicate_handling="ignore_all", column_mapping={"name": "Nom"})

    done = client.imports.run([*ROWS, *ROWS], resource="contacts", profile="weekly")

    assert (done.stats.skipped, done.duplicate_handling, done.column_mapping) == (2, "ignore_all", {"name": "Nom"})
    assert done.profile is not None
    assert done.profile.version == 1


def test_settings_hold_for_imports_that_say_nothing_else() -> None:
    client = ServiceInMemory().client()

    changed = client.settings.change(max_failed="5%", hold=False)
    begun = client.imports.start(ROWS, resource="contacts")

    assert (changed.max_failed, changed.hold, changed.save_upload, changed.version) == ("5%", False, None, 1)
    assert begun.max_failed == "5%"
    assert client.settings.change(max_failed=None).max_failed is None


def test_what_awaits_has_them_too() -> None:
    async def run() -> tuple[int, str | int | None]:
        async with ServiceInMemory().async_client() as sluice:
            await sluice.profiles.save("weekly", resource="contacts", max_failed=1)
            await sluice.settings.change(max_deleted="2.5%")
            return (await sluice.profiles.get("weekly")).version, (await sluice.settings.get()).max_deleted

    assert anyio.run(run) == (1, "2.5%")
