"""Import profiles and settings in the control table, as `stores.interfaces.import_profiles` promises.

| item | pk | sk | beside |
|---|---|---|---|
| profile | PROFILES#tenant | name | doc, version |
| their number | COUNT#tenant | profiles | used |
| settings | SETTINGS#tenant | - | doc, version |
"""

from functools import cache

from pydantic import TypeAdapter

from chalicelib.model.ids import TenantId
from chalicelib.model.import_options import ImportProfile, TenantSettings
from chalicelib.stores.dynamodb.control_table import ControlTable
from chalicelib.stores.dynamodb.item_changes import Counter
from chalicelib.stores.interfaces import Counted


class DynamoDBImportProfiles:
    """Keeps the promises of `stores.interfaces.ImportProfiles`."""

    def __init__(self, table: ControlTable) -> None:
        self._table = table

    def add(self, profile: ImportProfile, *, limit: int) -> Counted:
        """Does what `ImportProfiles.add` promises."""
        counter = _counter(profile.tenant_id, limit)
        return self._table.put_counted(_item_of(profile), condition="attribute_not_exists(#pk)", counter=counter)

    def find(self, tenant_id: TenantId, name: str) -> ImportProfile | None:
        """Does what `ImportProfiles.find` promises."""
        item = self._table.find(_pk(tenant_id), name)
        return _profiles().validate_json(item["doc"]) if item else None

    def list_profiles(self, tenant_id: TenantId) -> list[ImportProfile]:
        """Does what `ImportProfiles.list_profiles` promises."""
        found = [_profiles().validate_json(item["doc"]) for item in self._table.each_of(_pk(tenant_id))]
        return sorted(found, key=lambda one: one.name)

    def replace(self, profile: ImportProfile) -> bool:
        """Does what `ImportProfiles.replace` promises."""
        parameters = {"before": profile.version - 1}
        return self._table.put(_item_of(profile), condition="#version = :before", parameters=parameters)

    def delete(self, tenant_id: TenantId, name: str) -> bool:
        """Does what `ImportProfiles.delete` promises."""
        return self._table.remove_counted(_pk(tenant_id), name, counter=_counter(tenant_id))

    def find_settings(self, tenant_id: TenantId) -> TenantSettings:
        """Does what `ImportProfiles.find_settings` promises."""
        item = self._table.find(_settings_pk(tenant_id))
        return _settings().validate_json(item["doc"]) if item else TenantSettings(tenant_id=tenant_id, options={})

    def replace_settings(self, settings: TenantSettings) -> bool:
        """Does what `ImportProfiles.replace_settings` promises."""
        doc = _settings().dump_json(settings).decode()
        item = {"pk": _settings_pk(settings.tenant_id), "sk": "-", "doc": doc, "version": settings.version}
        if settings.version == 1:
            return self._table.put(item, condition="attribute_not_exists(#pk)")
        return self._table.put(item, condition="#version = :before", parameters={"before": settings.version - 1})


def _item_of(profile: ImportProfile) -> dict[str, object]:
    doc = _profiles().dump_json(profile).decode()
    return {"pk": _pk(profile.tenant_id), "sk": profile.name, "doc": doc, "version": profile.version}


def _pk(tenant_id: TenantId) -> str:
    return f"PROFILES#{tenant_id}"


def _settings_pk(tenant_id: TenantId) -> str:
    return f"SETTINGS#{tenant_id}"


def _counter(tenant_id: TenantId, limit: int | None = None) -> Counter:
    return Counter(pk=f"COUNT#{tenant_id}", sk="profiles", limit=limit)


@cache
def _profiles() -> TypeAdapter[ImportProfile]:
    return TypeAdapter(ImportProfile)


@cache
def _settings() -> TypeAdapter[TenantSettings]:
    return TypeAdapter(TenantSettings)
