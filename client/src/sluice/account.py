"""Who asks, which keys there are, and what was used."""

from sluice.models.account import Caller, Key, Usage
from sluice.operations import Async, Sync, operation
from sluice.session import Session
from sluice.transport import Flow


class _AccountOperations:
    """What a key can ask about itself and its tenant, with the scope account:read."""

    _session: Session

    @operation
    def whoami(self) -> Flow[Caller]:
        """Returns the tenant, the scopes and the remaining requests of the key that asks."""
        answer = yield from self._session.get("/v1/whoami")
        return Caller.from_json(answer.data)

    @operation
    def keys(self) -> Flow[tuple[Key, ...]]:
        """Returns all keys of the tenant, the newest first, without their secrets."""
        answer = yield from self._session.get("/v1/keys")
        return tuple(Key.from_json(one) for one in answer.data)

    @operation
    def usage(self, *, days: int = 30) -> Flow[Usage]:
        """Returns the imports and exports of the last days, at most 400, by status, and the tenant's limits."""
        answer = yield from self._session.get("/v1/usage", days=days)
        return Usage.from_json(answer.data)


class Account(_AccountOperations, Sync):
    """The key that asks, and its tenant."""

    def __init__(self, session: Session) -> None:
        self._session = session


class AsyncAccount(_AccountOperations, Async):
    """The same for programs that await."""

    def __init__(self, session: Session) -> None:
        self._session = session
