"""Look-ups of the records that values of references name: imports link rows by them, exports filter by them."""

from collections.abc import Iterable

from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.identity_keys import identity_of
from chalicelib.model.ids import RecordId, TenantId
from chalicelib.schema.references import MissingId, ReferenceLookUps, no_missing_id
from chalicelib.stores.interfaces import Records


def reference_look_ups(
    records: Records, tenant_id: TenantId, missing_id: MissingId = no_missing_id
) -> ReferenceLookUps:
    """Returns the look-ups of a tenant's records of any resource; `missing_id` as `ReferenceLookUps` has it."""

    def find_matches(resource: str, keys: Iterable[str]) -> dict[str, tuple[RecordId, ...]]:
        """Keys of identities are spared the look: nothing is kept under them but claims."""
        names = {one.name for one in RESOURCES[resource].match_fields}
        matchable = [key for key in keys if identity_of(key) in names]
        return records.find_matches(tenant_id, resource, matchable) if matchable else {}

    def find_claims(resource: str, keys: Iterable[str]) -> dict[str, RecordId]:
        """Likewise: under keys of match fields there are no claims."""
        names = {one.name for one in RESOURCES[resource].identities}
        claimable = [key for key in keys if identity_of(key) in names]
        return records.find_claims(tenant_id, resource, claimable) if claimable else {}

    return ReferenceLookUps(
        claims=find_claims,
        matches=find_matches,
        missing_id=missing_id,
    )
