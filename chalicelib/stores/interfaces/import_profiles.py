"""Import profiles, and the settings of a tenant for its imports."""

from typing import Protocol

from chalicelib.model.ids import TenantId
from chalicelib.model.import_options import ImportProfile, TenantSettings
from chalicelib.stores.interfaces.listing import Counted


class ImportProfiles(Protocol):
    """The profiles by tenant and name, and the settings by tenant. Reads are strongly consistent."""

    def add(self, profile: ImportProfile, *, limit: int) -> Counted:
        """Stores a new profile: `REFUSED` if there is one of this name, `FULL` if the tenant has `limit` of them. The
        count is exact, however many are added and deleted at once.
        """

    def find(self, tenant_id: TenantId, name: str) -> ImportProfile | None:
        """Returns the tenant's profile of this name, or None."""

    def list_profiles(self, tenant_id: TenantId) -> list[ImportProfile]:
        """Returns the tenant's profiles in the order of their names."""

    def replace(self, profile: ImportProfile) -> bool:
        """Stores the next version of a profile. Returns False, and changes nothing, unless the stored version is the
        one before.
        """

    def delete(self, tenant_id: TenantId, name: str) -> bool:
        """Removes a profile. Returns False if there is none."""

    def find_settings(self, tenant_id: TenantId) -> TenantSettings:
        """Returns the settings of a tenant, of version 0 where none was ever stored."""

    def replace_settings(self, settings: TenantSettings) -> bool:
        """Stores the next version of the settings. Returns False, and changes nothing, unless the stored version is the
        one before.
        """
