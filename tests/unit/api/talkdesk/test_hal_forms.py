"""Which imports show a form to cancel them."""

import pytest

from chalicelib.api.talkdesk.hal_forms import cancellation_template
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import FINAL, Status
from tests.world import an_import

CANCELABLE = {Status.REQUESTED, Status.QUEUED, Status.PROCESSING}


@pytest.mark.parametrize("status", Status)
def test_only_an_import_that_goes_on_shows_a_form_to_cancel_it(status: Status) -> None:
    assert bool(cancellation_template(an_import(status, ImportId("imp_1")))) is (status in CANCELABLE)


def test_every_status_is_either_final_or_can_be_canceled_or_is() -> None:
    assert set(Status) == FINAL | CANCELABLE | {Status.CANCELING}
