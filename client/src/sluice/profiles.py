"""Import profiles and settings: options that imports get without stating them.

what an import states > its profile > the settings
"""

from typing import Any, TypedDict, Unpack

from sluice.errors import Conflict, NotFound, Refusal
from sluice.import_options import ProfileOptions
from sluice.models.profiles import Profile, Settings
from sluice.operations import Async, Sync, operation
from sluice.session import Session, below
from sluice.transport import Flow

_PATH = "/v1/import-profiles"


class SettingsChanges(TypedDict, total=False):
    """What may be set; None states it no more. docs/import-without-fear.md tells what each means."""

    max_failed: int | str | None
    max_deleted: int | str | None
    all_or_nothing: bool | None
    save_upload: bool | None
    hold: bool | None


class _ProfileOperations:
    """What can be done with import profiles."""

    _session: Session

    @operation
    def list(self) -> Flow[tuple[Profile, ...]]:
        """Returns all profiles, by name."""
        answer = yield from self._session.get(_PATH)
        return tuple(Profile.from_json(one) for one in answer.data)

    @operation
    def get(self, name: str) -> Flow[Profile]:
        """Returns the profile of a name, or with an id. Raises NotFound."""
        return (yield from _found(self._session, name))

    @operation
    def save(self, name: str, *, resource: str, **options: Unpack[ProfileOptions]) -> Flow[Profile]:
        """Keeps these options, and no others, under a name: makes the profile, or states that of this name anew. Raises
        Conflict where it is of another resource."""
        stated: dict[str, Any] = {**options}
        try:
            found = yield from _found(self._session, name)
        except NotFound:
            answer = yield from self._session.post(_PATH, {"name": name, "resource": resource, **stated})
            return Profile.from_json(answer.data)
        if found.resource != resource and found.resource != (yield from _name_of(self._session, resource)):
            message = f"The profile {name} is for {found.resource}, not {resource}. Choose another name, or delete it."
            raise Conflict(Refusal(409, "profile_of_another_resource", message))
        unset = sorted(set(found.options) - set(stated))
        answer = yield from self._session.post(below(_PATH, name), {**stated, "unset": unset})
        return Profile.from_json(answer.data)

    @operation
    def delete(self, name: str) -> Flow[None]:
        """Removes a profile; imports that have copied it go on."""
        yield from self._session.delete(below(_PATH, name))


class Profiles(_ProfileOperations, Sync):
    """The import profiles of a tenant."""

    def __init__(self, session: Session) -> None:
        self._session = session


class AsyncProfiles(_ProfileOperations, Async):
    """The same for programs that await."""

    def __init__(self, session: Session) -> None:
        self._session = session


class _SettingsOperations:
    """What can be done with settings."""

    _session: Session

    @operation
    def get(self) -> Flow[Settings]:
        """Returns the settings."""
        answer = yield from self._session.get("/v1/settings")
        return Settings.from_json(answer.data)

    @operation
    def change(self, **changes: Unpack[SettingsChanges]) -> Flow[Settings]:
        """Changes what is given, and returns the settings."""
        answer = yield from self._session.post("/v1/settings", changes)
        return Settings.from_json(answer.data)


class TenantSettings(_SettingsOperations, Sync):
    """The settings of a tenant."""

    def __init__(self, session: Session) -> None:
        self._session = session


class AsyncTenantSettings(_SettingsOperations, Async):
    """The same for programs that await."""

    def __init__(self, session: Session) -> None:
        self._session = session


def _name_of(session: Session, resource: str) -> Flow[str]:
    """Returns the name of a resource, whose plural may be given."""
    answer = yield from session.get(below("/v1/resources", resource))
    return str(answer.data["name"])


def _found(session: Session, name: str) -> Flow[Profile]:
    answer = yield from session.get(below(_PATH, name))
    return Profile.from_json(answer.data)
