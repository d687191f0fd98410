import pytest

from sluice import Invalid, NotFound
from tests.service_in_memory import ServiceInMemory


def test_a_schedule_is_created_changed_listed_and_deleted() -> None:
    schedules = ServiceInMemory().client().schedules

    made = schedules.create("rate(1 hour)", {"resource": "contact", "format": "csv"}, name="Hourly")
    paused = schedules.change(made.id, paused=True, name=None)
    listed = [one.id for one in schedules.each()]
    runs = list(schedules.runs(made.id))
    schedules.delete(made.id)

    assert (made.name, made.schedule, made.export["resource"]) == ("Hourly", "rate(1 hour)", "contact")
    assert (paused.paused, paused.name, listed, runs) == (True, None, [made.id], [])
    with pytest.raises(NotFound):
        schedules.get(made.id)


def test_what_is_no_schedule_is_refused_with_its_parameter() -> None:
    with pytest.raises(Invalid, match="schedule"):
        ServiceInMemory().client().schedules.create("hourly", {"resource": "contact"})
