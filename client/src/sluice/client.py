"""`Sluice` and `AsyncSluice`: a tenant's way into the API.

Both take an address and a key, or find them as `sluice.logins` says, and have the same operations under the same names.
"""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import httpx

from sluice.account import Account, AsyncAccount
from sluice.exports import AsyncExports, Exports
from sluice.import_sessions import AsyncImportSessions, ImportSessions
from sluice.imports import AsyncImports, Imports
from sluice.logins import check_login, find_login, is_loopback
from sluice.profiles import AsyncProfiles, AsyncTenantSettings, Profiles, TenantSettings
from sluice.records import AsyncRecords, AsyncResources, Records, Resources
from sluice.retrying import RetryPolicy
from sluice.schedules import AsyncSchedules, Schedules
from sluice.session import PARTS_FROM_BYTES, Session
from sluice.transport import AsyncDriver, Driver
from sluice.version import __version__
from sluice.webhooks import AsyncWebhooks, Webhooks

TIMEOUT = httpx.Timeout(60.0, connect=10.0)
"""An answer of the API comes within 30 seconds, or never; of a file that is sent or fetched, each chunk does."""
_HEADERS = {"User-Agent": f"sluice-client/{__version__} (python)"}
_USUAL = RetryPolicy()


class Sluice:
    """A tenant's way into the API, for programs that block."""

    def __init__(  # noqa: PLR0913 -- nobody gives more than two of them
        self,
        url: str | None = None,
        key: str | None = None,
        *,
        login: str | None = None,
        retry: RetryPolicy = _USUAL,
        parts_from_bytes: int = PARTS_FROM_BYTES,
        http: httpx.Client | None = None,
    ) -> None:
        """Takes an address and a key, or the login of a name. Files from `parts_from_bytes` on are sent in parts.
        `http` is a client of httpx's to use, which then is closed by its owner. Raises NotSignedIn and LoginBroken."""
        url, key = _address_and_key(url, key, login)
        self._is_owner = http is None
        self._http = http or httpx.Client(**_settings(url))
        self._driver = Driver(self._http)
        session = Session(url, key, self._driver, retry, parts_from_bytes)
        self._session = session
        self.url = url
        self.imports = Imports(session)
        self.import_sessions = ImportSessions(session)
        self.exports = Exports(session)
        self.schedules = Schedules(session)
        self.webhooks = Webhooks(session)
        self.records = Records(session)
        self.resources = Resources(session)
        self.profiles = Profiles(session)
        self.settings = TenantSettings(session)
        self.account = Account(session)

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Returns the `data` of any route's answer, for those that have no operation here: an object, or a list of
        them. Raises ApiError."""
        return self._driver.run(self._session.ask(method, path, body))

    def close(self) -> None:
        """Closes the connections."""
        if self._is_owner:
            self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncSluice:
    """A tenant's way into the API, for programs that await."""

    def __init__(  # noqa: PLR0913 -- nobody gives more than two of them
        self,
        url: str | None = None,
        key: str | None = None,
        *,
        login: str | None = None,
        retry: RetryPolicy = _USUAL,
        parts_from_bytes: int = PARTS_FROM_BYTES,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        """Takes what `Sluice` takes. Raises NotSignedIn and LoginBroken."""
        url, key = _address_and_key(url, key, login)
        self._is_owner = http is None
        self._http = http or httpx.AsyncClient(**_settings(url))
        self._driver = AsyncDriver(self._http)
        session = Session(url, key, self._driver, retry, parts_from_bytes)
        self._session = session
        self.url = url
        self.imports = AsyncImports(session)
        self.import_sessions = AsyncImportSessions(session)
        self.exports = AsyncExports(session)
        self.schedules = AsyncSchedules(session)
        self.webhooks = AsyncWebhooks(session)
        self.records = AsyncRecords(session)
        self.resources = AsyncResources(session)
        self.profiles = AsyncProfiles(session)
        self.settings = AsyncTenantSettings(session)
        self.account = AsyncAccount(session)

    async def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Returns the `data` of any route's answer, for those that have no operation here: an object, or a list of
        them. Raises ApiError."""
        return await self._driver.run(self._session.ask(method, path, body))

    async def close(self) -> None:
        """Closes the connections."""
        if self._is_owner:
            await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()


def _address_and_key(url: str | None, key: str | None, login: str | None) -> tuple[str, str]:
    if url is None or key is None:
        found = find_login(login)
        url, key = url or found.url, key or found.key
    check_login(url, key)
    return url.rstrip("/"), key


def _settings(url: str) -> dict[str, Any]:
    """Returns the settings of a client of httpx's; variables such as HTTP_PROXY count for addresses elsewhere."""
    return {"timeout": TIMEOUT, "headers": _HEADERS, "trust_env": not is_loopback(url)}
