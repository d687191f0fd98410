"""Look-ups of names that answer late, or never."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest

from chalicelib.stores.name_lookups import NameLookups

SOON_S = 0.05


class SilentServers:
    """Look-ups that do not end before the test lets them; `hosts` are those that were begun."""

    def __init__(self) -> None:
        self.hosts: list[str] = []
        self.answer = Event()

    def resolve(self, host: str, _port: int) -> list[str]:
        self.hosts.append(host)
        assert self.answer.wait(10)
        return ["192.0.2.1"]


@contextmanager
def silence(at_a_time: int) -> Iterator[tuple[SilentServers, NameLookups]]:
    servers = SilentServers()
    try:
        yield servers, NameLookups(servers.resolve, at_a_time=at_a_time)
    finally:
        servers.answer.set()


def test_a_name_whose_servers_are_silent_is_waited_for_until_the_deadline() -> None:
    with silence(9) as (_, lookups):
        with pytest.raises(TimeoutError):
            lookups.find_addresses("slow.example.com", 443, within_s=SOON_S)

        assert lookups.under_way == 1


def test_a_host_is_looked_up_once_at_a_time_however_many_ask() -> None:
    with silence(9) as (servers, lookups):
        for _ in range(5):
            with pytest.raises(TimeoutError):
                lookups.find_addresses("slow.example.com", 443, within_s=SOON_S / 5)

        assert (servers.hosts, lookups.under_way) == (["slow.example.com"], 1)


def test_look_ups_that_were_left_behind_have_a_ceiling() -> None:
    with silence(3) as (servers, lookups):
        for number in range(6):
            with pytest.raises(TimeoutError):
                lookups.find_addresses(f"slow{number}.example.com", 443, within_s=SOON_S / 5)

        assert (len(servers.hosts), lookups.under_way) == (3, 3)


def test_a_look_up_that_was_left_behind_makes_room_when_it_ends() -> None:
    with silence(1) as (servers, lookups):
        with pytest.raises(TimeoutError):
            lookups.find_addresses("slow.example.com", 443, within_s=SOON_S)
        Thread(target=servers.answer.set).start()

        assert lookups.find_addresses("next.example.com", 443, within_s=5) == ["192.0.2.1"]


def test_callers_that_wait_for_one_host_get_one_answer() -> None:
    found: list[list[str]] = []
    with silence(1) as (servers, lookups):

        def look_up() -> None:
            found.append(lookups.find_addresses("shared.example.com", 443, within_s=5))

        waiting = [Thread(target=look_up) for _ in range(3)]
        for one in waiting:
            one.start()
        while not servers.hosts:
            pass
        servers.answer.set()
        for one in waiting:
            one.join()

    assert found == [["192.0.2.1"]] * 3


def test_what_the_resolver_says_of_a_name_that_is_none_is_raised() -> None:
    def failing(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(socket.gaierror):
        NameLookups(failing).find_addresses("none.example.com", 443, within_s=5)


def test_a_machine_without_a_thread_left_leaves_nothing_under_way() -> None:
    def start(_do: Callable[[], None]) -> None:
        raise RuntimeError("can't start new thread")

    lookups = NameLookups(lambda _host, _port: [], at_a_time=1, start=start)

    for _ in range(2):
        with pytest.raises(OSError, match="new thread"):
            lookups.find_addresses("x.example.com", 443, within_s=5)
    assert lookups.under_way == 0
