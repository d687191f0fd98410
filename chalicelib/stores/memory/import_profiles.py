"""Import profiles and settings in memory, as `stores.interfaces.import_profiles` promises."""

from copy import deepcopy
from threading import RLock

from chalicelib.model.ids import TenantId
from chalicelib.model.import_options import ImportProfile, TenantSettings
from chalicelib.stores.interfaces import Counted


class MemoryImportProfiles:
    """Keeps the promises of `stores.interfaces.ImportProfiles`."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._profiles: dict[tuple[TenantId, str], ImportProfile] = {}
        self._settings: dict[TenantId, TenantSettings] = {}

    def add(self, profile: ImportProfile, *, limit: int) -> Counted:
        """Does what `ImportProfiles.add` promises."""
        key = (profile.tenant_id, profile.name)
        with self._lock:
            if key in self._profiles:
                return Counted.REFUSED
            if len(self.list_profiles(profile.tenant_id)) >= limit:
                return Counted.FULL
            self._profiles[key] = deepcopy(profile)
        return Counted.DONE

    def find(self, tenant_id: TenantId, name: str) -> ImportProfile | None:
        """Does what `ImportProfiles.find` promises."""
        with self._lock:
            return deepcopy(self._profiles.get((tenant_id, name)))

    def list_profiles(self, tenant_id: TenantId) -> list[ImportProfile]:
        """Does what `ImportProfiles.list_profiles` promises."""
        with self._lock:
            found = [deepcopy(one) for (owner, _), one in self._profiles.items() if owner == tenant_id]
        return sorted(found, key=lambda one: one.name)

    def replace(self, profile: ImportProfile) -> bool:
        """Does what `ImportProfiles.replace` promises."""
        key = (profile.tenant_id, profile.name)
        with self._lock:
            stored = self._profiles.get(key)
            if stored is None or stored.version != profile.version - 1:
                return False
            self._profiles[key] = deepcopy(profile)
        return True

    def delete(self, tenant_id: TenantId, name: str) -> bool:
        """Does what `ImportProfiles.delete` promises."""
        with self._lock:
            return self._profiles.pop((tenant_id, name), None) is not None

    def find_settings(self, tenant_id: TenantId) -> TenantSettings:
        """Does what `ImportProfiles.find_settings` promises."""
        with self._lock:
            return deepcopy(self._settings.get(tenant_id) or TenantSettings(tenant_id=tenant_id, options={}))

    def replace_settings(self, settings: TenantSettings) -> bool:
        """Does what `ImportProfiles.replace_settings` promises."""
        with self._lock:
            if self.find_settings(settings.tenant_id).version != settings.version - 1:
                return False
            self._settings[settings.tenant_id] = deepcopy(settings)
        return True
