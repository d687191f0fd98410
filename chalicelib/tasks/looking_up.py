"""Look-ups into the record store, in the shape in which phases ask for them."""

from collections.abc import Iterable

from chalicelib.journey import Journey
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import RecordId, derived_id
from chalicelib.phases.transforming import LookUp
from chalicelib.rules.references import LookUps


def own_records(journey: Journey) -> LookUp:
    """Of the import's own resource; by claims alone, or where any field may match by match fields too."""
    records, import_ = journey.stores.records, journey.import_

    def find_claims(keys: Iterable[str]) -> dict[str, RecordId]:
        return records.find_claims(import_.tenant_id, import_.resource, keys)

    def find_any(keys: Iterable[str]) -> dict[str, RecordId]:
        held = find_claims(wanted := set(keys))
        matches = records.find_matches(import_.tenant_id, import_.resource, wanted - held.keys())
        return {**{key: ids[0] for key, ids in matches.items()}, **held}

    is_any = import_.rules.matches_any_field
    return LookUp(find_any if is_any else find_claims, skips_matches=is_any)


def other_records(journey: Journey) -> LookUps:
    """Of any resource, for references."""
    records, tenant_id = journey.stores.records, journey.import_.tenant_id

    def missing_id(resource: str, key: str) -> RecordId:
        return RecordId(derived_id(RESOURCES[resource].id_prefix, tenant_id, key))

    return LookUps(
        claims=lambda resource, keys: records.find_claims(tenant_id, resource, keys),
        matches=lambda resource, keys: records.find_matches(tenant_id, resource, keys),
        missing_id=missing_id if journey.import_.rules.creates_missing else None,
    )
