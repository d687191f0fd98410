import socket
from collections.abc import Iterator

import pytest

from local.ports import LOOPBACK, find_port


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which something listens during the test."""
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        listener.listen()
        yield int(listener.getsockname()[1])


def test_a_taken_port_gives_way_to_the_next_free_one(taken: int) -> None:
    assert find_port(taken) > taken


def test_ports_that_are_all_taken_are_an_error(taken: int) -> None:
    with pytest.raises(OSError, match=f"no free port from {taken} to {taken}"):
        find_port(taken, tries=1)


def test_any_free_port_is_found_if_none_is_wanted() -> None:
    assert find_port() > 0
