import pytest

from sluice import NotFound
from tests.service_in_memory import ServiceInMemory


@pytest.fixture
def service() -> ServiceInMemory:
    service = ServiceInMemory()
    for number in range(3):
        service.world.write(f"con_{number}", {"name": f"Person {number}", "status": "active" if number else "inactive"})
    return service


def test_records_come_over_all_pages(service: ServiceInMemory) -> None:
    found = list(service.client().records.each("contacts", limit=2))

    assert {record.fields["name"] for record in found} == {"Person 0", "Person 1", "Person 2"}
    assert len(service.sent("GET", "/v1/records/contacts")) >= 2


def test_any_field_is_a_filter(service: ServiceInMemory) -> None:
    assert len(list(service.client().records.each("contacts", status="active"))) == 2


def test_a_record_has_its_fields_and_what_the_service_knows_of_it(service: ServiceInMemory) -> None:
    record = service.client().records.get("contacts", "con_1")

    assert (record.id, record.version, dict(record.fields)) == ("con_1", 1, {"name": "Person 1", "status": "active"})


def test_a_record_that_is_not_there_is_told(service: ServiceInMemory) -> None:
    with pytest.raises(NotFound):
        service.client().records.get("contacts", "con_9")


def test_resources_are_listed_with_their_fields(service: ServiceInMemory) -> None:
    resources = {one.plural: one for one in service.client().resources.list()}

    assert ("email",) in resources["contacts"].identities
    assert {one.name: one.type for one in resources["contacts"].fields}["email"] == "email"


def test_a_template_is_a_file(service: ServiceInMemory) -> None:
    resources = service.client().resources

    assert resources.template("contact").startswith(b"\xef\xbb\xbf") or b"email" in resources.template("contact")
    assert resources.template("contact", format="xlsx").startswith(b"PK")
    with pytest.raises(NotFound, match="no template as pdf"):
        resources.template("contact", format="pdf")
