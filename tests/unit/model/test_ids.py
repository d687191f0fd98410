"""Ids of records that imports make: what they are made from, and that the quick way to many is the plain way."""

from base64 import b32encode

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.model.ids import base32_of, derived_id, derived_ids


def test_the_id_of_a_row_never_changes() -> None:
    assert derived_id("cus", "imp_a", 1) == "cus_atexjmsk7xgvrosku36ui6wlha"


@settings(deadline=None)
@given(prefix=st.sampled_from(["cus", "con"]), first=st.text(max_size=40), numbers=st.lists(st.integers(0), max_size=9))
def test_many_ids_are_those_that_each_would_be_given_alone(prefix: str, first: str, numbers: list[int]) -> None:
    assert derived_ids(prefix, first, numbers) == [derived_id(prefix, first, number) for number in numbers]


def test_more_ids_than_are_spelled_at_once_are_those_that_each_would_be_given_alone() -> None:
    numbers = range(1, 2_502)

    assert derived_ids("cus", "imp_a", numbers) == [derived_id("cus", "imp_a", number) for number in numbers]


@settings(deadline=None)
@given(st.lists(st.binary(min_size=17, max_size=17) | st.sampled_from([bytes(17), b"\xff" * 17]), max_size=12))
def test_many_digests_are_encoded_as_the_standard_library_encodes_each(digests: list[bytes]) -> None:
    assert base32_of(digests) == [b32encode(one).decode().lower()[:26] for one in digests]
