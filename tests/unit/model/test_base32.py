"""Base32 of many digests at once is what the standard library makes of each."""

from base64 import b32encode

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.base32 import spelled

digests = st.lists(st.binary(min_size=17, max_size=17) | st.sampled_from([bytes(17), b"\xff" * 17]), max_size=12)


@given(digests)
def test_every_digest_is_spelled_as_the_standard_library_spells_it(ones: list[bytes]) -> None:
    assert spelled(ones) == [b32encode(one).decode().lower()[:26] for one in ones]
