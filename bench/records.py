"""Customers as they are stored: what the contestants of the store write and read."""

from chalicelib.model.ids import ImportId, RecordId
from chalicelib.model.records import Stamp, Write
from chalicelib.model.rows import Fields, Outcome

MARK = b"C-"
"""Stands once in each record's fields, however they are written: by it both sides count what they have written."""


def fields_of(number: int) -> Fields:
    return {
        "external_id": f"C-{number:08}",
        "name": "Agnieszka Yıldız",
        "email": f"customer.{number}@example.com",
        "phone": f"+491512{number:07}",
        "company": "Müller & Söhne",
        "status": "active",
        "sentiment": "positive",
        "customer_since": "2021-03-04",
        "tags": ["vip", "newsletter"],
        "notes": "Asked for a quote, twice",
        "customFields": {"plan": "gold", "seats": 12},
    }


def record_id_of(number: int) -> RecordId:
    return RecordId(f"cus_{number:020}")


def claim_of(number: int) -> str:
    return f"external_id:{number:032x}"


def write_of(number: int) -> Write:
    """A new customer with one identity."""
    stamp = Stamp(ImportId("imp_00000000000000000001"), number + 1, Outcome.CREATED)
    return Write(
        record_id=record_id_of(number),
        before=None,
        fields=fields_of(number),
        claims=(claim_of(number),),
        stamp=stamp,
    )
