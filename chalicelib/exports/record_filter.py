"""The filter of an export, synchronous or not, as a test of records.

Fields that name other records take what rows of imports give there: any identity of the record named, which becomes its
id before records are looked at. Names that mean no record, or several, stay as they are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from chalicelib.lifecycle.reference_look_ups import reference_look_ups
from chalicelib.model.filters import Condition, Filter, Operator
from chalicelib.model.ids import TenantId
from chalicelib.model.limits import Limits
from chalicelib.model.resources import Reference, Resource
from chalicelib.schema.query.filters import RecordTest, compile_filter
from chalicelib.schema.references import ReferenceIndex, ReferenceLookUps
from chalicelib.stores.interfaces import Records

NAME_OPERATORS = frozenset({Operator.EQ, Operator.NE, Operator.IN})
"""The operators whose value is a name; the others look at texts."""


def record_test(
    records: Records, tenant_id: TenantId, resource: Resource, filter_: Filter, *, limits: Limits
) -> RecordTest:
    """Returns the test that a filter means for the records of a tenant. Raises Refused as `compile_filter` does, before
    anything is looked up.
    """
    compile_filter(filter_, resource, limits)
    return compile_filter(with_record_ids(filter_, resource, reference_look_ups(records, tenant_id)), resource, limits)


def with_record_ids(filter_: Filter, resource: Resource, look_ups: ReferenceLookUps) -> Filter:
    """Returns the filter with ids for names. Nothing is looked up for filters without names."""
    references = {one.field: one for one in resource.references if not one.stored_as}
    texts: dict[Reference, list[str]] = {}
    for condition in _each_reference_condition(filter_, references):
        texts.setdefault(references[condition.field], []).extend(_names_in(condition))
    return _resolved(filter_, references, ReferenceIndex(resource, texts, look_ups)) if texts else filter_


def _each_reference_condition(filter_: Filter, references: Mapping[str, Reference]) -> Iterator[Condition]:
    if not isinstance(filter_, Condition):
        for part in filter_.parts:
            yield from _each_reference_condition(part, references)
    elif filter_.field in references and filter_.operator in NAME_OPERATORS:
        yield filter_


def _names_in(condition: Condition) -> list[str]:
    given = condition.value
    if condition.operator is Operator.IN and isinstance(given, str):
        given = given.split(",")
    return [one for one in (given if isinstance(given, list) else [given]) if isinstance(one, str)]


def _resolved(filter_: Filter, references: Mapping[str, Reference], index: ReferenceIndex) -> Filter:
    if not isinstance(filter_, Condition):
        return replace(filter_, parts=tuple(_resolved(part, references, index) for part in filter_.parts))
    names = _names_in(filter_) if any(_each_reference_condition(filter_, references)) else []
    if not names:
        return filter_
    ids = [_id_of(references[filter_.field], name, index) for name in names]
    return replace(filter_, value=ids if filter_.operator is Operator.IN else ids[0])


def _id_of(reference: Reference, name: str, index: ReferenceIndex) -> str:
    found = index.find(reference, name)
    return found[0] if len(found) == 1 else name
