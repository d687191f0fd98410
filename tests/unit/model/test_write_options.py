"""Which choices a file can be written with."""

from typing import Any

import pytest

from chalicelib.errors import Refused
from chalicelib.model.write_options import Formulas, Nesting, Rendering


@pytest.mark.parametrize(
    ("param", "given"),
    [
        ("delimiter", {"delimiter": "x"}),
        ("time_zone", {"time_zone": "Mars/Olympus"}),
        ("time_zone", {"time_zone": "../etc/passwd"}),
        ("datetime_format", {"datetime_format": "YYYY q"}),
        ("datetime_format", {"datetime_format": "-" * 65}),
    ],
)
def test_a_value_that_nothing_can_be_written_with_is_refused(param: str, given: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refusal:
        Rendering(**given)

    assert (refusal.value.code, refusal.value.param) == ("invalid_option", param)


def test_the_options_that_were_chosen_are_those_that_differ_from_the_defaults() -> None:
    chosen = Rendering(has_bom=True, nesting=Nesting.FLATTEN, formulas=Formulas.RAW, is_gzipped=True)

    assert Rendering().stated_options() == frozenset()
    assert chosen.stated_options() == {"has_bom", "nesting"}
