"""What sample values say about fields."""

import pytest

from chalicelib.model.catalogue import RESOURCES
from chalicelib.schema.suggestions.values import Samples, Vote, vote


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["ada@example.com", "bo@example.org;cy@example.org"], "email"),
        (["https://acme.example/a", "www.kite.example"], "url"),
        (["3f2504e0-4f89-41d3-9a0c-0305e82c3301"], "uuid"),
        (["ja", "nein"], "flag"),
        (["03.02.2025", "2025-03-01T10:00:00Z", "3. März 2025", "March 3, 2025", "2025年3月1日"], "date"),
        (["12,50 €", "1.200", "R$ 9,90"], "number"),
        (["+49 30 1234567", "(555) 010-7788"], "phone"),
        (["01 99 00 14 25"], "number"),
        (["Ada King", "Kite"], "text"),
        (["", " "], "text"),
    ],
)
def test_values_are_of_a_kind(values: list[str], kind: str) -> None:
    assert (Samples(values).kind if Samples(values).values else "text") == kind


@pytest.mark.parametrize(
    ("resource", "field", "values", "says"),
    [
        ("contacts", "phone", ["01 99 00 14 25"], Vote.FOR),
        ("contacts", "phone", ["Phone: (555) 010-7788 Mobile: (555) 010-7799"], Vote.FOR),
        ("contacts", "phone", ["2025-03-01"], Vote.AGAINST),
        ("contacts", "email", ["ada@example.com", "none"], Vote.NOTHING),
        ("contacts", "email", [], Vote.NOTHING),
        ("contacts", "external_id", ["C-1", "C-2"], Vote.FOR),
        ("contacts", "external_id", ["a note", "another note"], Vote.AGAINST),
        ("contacts", "metadata", ['{"a": 1}'], Vote.FOR),
        ("contacts", "external_id", ["C-1", "C-1"], Vote.NOTHING),
        ("contacts", "job_title", ["Mr.", "Frau"], Vote.AGAINST),
        ("contacts", "job_title", ["Buyer", "Head of Sales"], Vote.FOR),
        ("contacts", "job_title", ["5", "6"], Vote.NOTHING),
        ("companies", "website", ["acme.example"], Vote.FOR),
        ("companies", "website", ["https://www.linkedin.com/company/acme"], Vote.AGAINST),
        ("companies", "linkedin", ["https://www.linkedin.com/company/acme"], Vote.FOR),
        ("tickets", "customerName", ["Ada King", "O'Brien, Pat"], Vote.FOR),
        ("tickets", "customerName", ["ada@example.com"], Vote.AGAINST),
        ("tickets", "priority", ["low", "high"], Vote.FOR),
        ("tickets", "priority", ["P1", "P2"], Vote.AGAINST),
        ("users", "active", ["oui", "non"], Vote.FOR),
        ("users", "internal_extension", ["2014"], Vote.FOR),
        ("items", "price", ["9,90 zł"], Vote.FOR),
        ("items", "notes", ["anything"], Vote.NOTHING),
        ("tickets", "assignedTo", ["ada@example.com"], Vote.FOR),
        ("tickets", "assignedTo", ["A-1", "A-2"], Vote.FOR),
        ("tickets", "assignedTo", ["Ada King", "Bo Chen"], Vote.NOTHING),
    ],
)
def test_values_vote(resource: str, field: str, values: list[str], says: Vote) -> None:
    assert vote(RESOURCES[resource].by_name[field], Samples(values)) is says


@pytest.mark.parametrize("value", ["a@" * 3000, "a." * 3000, "1 " * 3000, "a;" * 3000, "-" * 6000])
def test_no_value_takes_long_to_look_at(value: str) -> None:
    samples = Samples([value] * 20)

    assert samples.kind in ("text", "number", "phone")
    assert not samples.are_companies
