"""Look-ups into the record store, in the shape in which phases ask for them. Which record a row means is decided in
`imports/phases/transforming.py`."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain

from chalicelib.formats.blocks import each_block
from chalicelib.imports.phases.transforming import MatchLookUp, StatedIdentities
from chalicelib.imports.task_context import WRITE_BATCH_ROWS, TaskContext
from chalicelib.lifecycle.reference_look_ups import reference_look_ups
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.identity_keys import id_key, identity_of
from chalicelib.model.ids import RecordId, derived_id
from chalicelib.model.imports import Action, Import
from chalicelib.model.passes import passes_of
from chalicelib.model.phases import spec_of
from chalicelib.model.records import Record
from chalicelib.model.resources import Reference
from chalicelib.model.row_rules import MergeRule
from chalicelib.model.rows import Draft
from chalicelib.schema.record_links import LiveRecords, find_live
from chalicelib.schema.references import MissingId, ReferenceLookUps


def own_records(context: TaskContext, *, closely: bool = False) -> MatchLookUp:
    """Returns the look-up of the import's own resource: by claims alone, or by match fields too where any field may
    match.

    `closely` also reads the records found and leaves out claims that they do not carry: a crash may have left some.
    Where any field may match, a row that does is skipped; so it is always looked at closely.
    """
    records, import_ = context.stores.records, context.import_

    def find_claims(keys: Iterable[str]) -> dict[str, RecordId]:
        return records.find_claims(import_.tenant_id, import_.resource, keys)

    def find_claims_of_late(keys: Iterable[str]) -> dict[str, RecordId]:
        return records.find_claims(import_.tenant_id, import_.resource, keys, may_lag=True)

    def find_any(keys: Iterable[str]) -> dict[str, RecordId]:
        names = {one.name for one in context.resource.match_fields}
        wanted = set(keys)
        matches = {key for key in wanted if identity_of(key) in names}
        found = records.find_carriers(import_.tenant_id, import_.resource, identities=wanted - matches, matches=matches)
        return {key: ids[0] for key, ids in found.items()}

    def find_carried(keys: Iterable[str]) -> dict[str, RecordId]:
        held = find_claims(keys)
        stored = records.get_many(import_.tenant_id, import_.resource, held.values())
        return {key: one for key, one in held.items() if one in stored and _carries(stored[one], key)}

    if import_.rules.matches_any_field:
        return MatchLookUp(find_any, skips_matches=True)
    if may_lag(context) and not closely:
        starts_empty = context.workspace.get_manifest().starts_empty
        return NOTHING_STORED if starts_empty else MatchLookUp(find_claims_of_late, find_now=find_claims)
    return MatchLookUp(find_carried if closely else find_claims, stated=_stated_identities(context))


NOTHING_STORED = MatchLookUp(lambda _: {})
"""Finds no record, and asks for none."""


def may_lag(context: TaskContext) -> bool:
    """Returns whether what a look-up has missed comes to light: the import creates what it does not find, on the
    condition that nobody has claimed its identities, and reads what it finds once more before it writes (ADR 34). A
    request follows its caller's last one too closely.
    """
    import_ = context.import_
    writes_what_is_new = import_.action in (Action.MERGE, Action.CREATE)
    rehearses = any(spec_of(one).rehearses for one in passes_of(import_))
    return writes_what_is_new and not rehearses and not import_.rules.match_by and context.held_state is None


def _stated_identities(context: TaskContext) -> StatedIdentities | None:
    import_ = context.import_

    def find_keys(ids: Iterable[RecordId]) -> dict[RecordId, tuple[str, ...]]:
        """Their keys are kept, not the records: those of a batch take a hundred times as much."""
        found: dict[RecordId, tuple[str, ...]] = {}
        for some in each_block(ids, WRITE_BATCH_ROWS):
            stored = context.stores.records.get_many(import_.tenant_id, import_.resource, some)
            found |= {one.record_id: one.identity_keys for one in stored.values() if not one.is_deleted}
        return found

    rules = import_.rules
    takes_id = import_.action is not Action.DELETE and rules.merge_rules.get("id", MergeRule.ALWAYS) is MergeRule.ALWAYS
    return StatedIdentities(rules.match_by, find_keys, takes_id=takes_id) if rules.match_by else None


def _carries(record: Record, key: str) -> bool:
    return not record.is_deleted and key in record.identity_keys


def live_links(context: TaskContext, drafts: Iterable[Draft], stored: Mapping[RecordId, Record]) -> LiveRecords:
    """Returns which of the records that the stored ones link to exist, as far as the drafts give a link in vain."""
    records, tenant_id = context.stores.records, context.import_.tenant_id

    def find(resource: str, ids: Iterable[RecordId]) -> set[RecordId]:
        return {*records.find_claims(tenant_id, resource, map(id_key, ids)).values()}

    if not context.resource.references:
        return {}
    fields = {record_id: record.fields for record_id, record in stored.items() if not record.is_deleted}
    return find_live(context.resource, drafts, fields, find)


def other_records(context: TaskContext) -> ReferenceLookUps:
    """Returns the look-ups of any resource, for references. Inside a request they note what they have found."""
    import_ = context.import_
    look_ups = reference_look_ups(context.stores.records, import_.tenant_id, missing_id_of(import_))
    if context.held_state is None or not import_.rules.create_missing:
        return look_ups

    def find_matches(resource: str, keys: Iterable[str]) -> Mapping[str, tuple[RecordId, ...]]:
        found = look_ups.matches(resource, keys)
        context.found_in_request.update(chain.from_iterable(found.values()))
        return found

    return replace(look_ups, matches=find_matches)


def missing_id_of(import_: Import) -> MissingId:
    """Returns what says which id the record is to have that a dead reference creates, if this import wants it so."""

    def missing_id(reference: Reference, key: str) -> RecordId | None:
        if not (reference.creates_missing and reference.field in import_.rules.create_missing):
            return None
        return RecordId(derived_id(RESOURCES[reference.resource].id_prefix, import_.tenant_id, key))

    return missing_id
