import inspect

import anyio
import httpx
import pytest

from sluice import RetryPolicy
from sluice.imports import AsyncImports, Imports
from sluice.operations import Async, Sync, operation
from sluice.session import Session
from sluice.transport import AsyncDriver, Driver, Flow, Pause


class _Greeting:
    @operation
    def greet(self, name: str, *, loud: bool = False) -> Flow[str]:
        """Greets somebody."""
        yield Pause(0)
        return f"hello {name}" + ("!" if loud else "")


class Greeting(_Greeting, Sync):
    _session = Session("", "", Driver(httpx.Client(), lambda _: None), RetryPolicy())


class AsyncGreeting(_Greeting, Async):
    _session = Session("", "", AsyncDriver(httpx.AsyncClient()), RetryPolicy())


def test_one_flow_is_two_methods() -> None:
    async def greet() -> str:
        return await AsyncGreeting().greet("Ann", loud=True)

    assert Greeting().greet("Ann", loud=True) == "hello Ann!"
    assert anyio.run(greet) == "hello Ann!"


def test_a_method_has_the_words_and_parameters_of_its_flow() -> None:
    assert (Greeting().greet.__doc__, Greeting().greet.__name__) == ("Greets somebody.", "greet")
    assert list(inspect.signature(Greeting().greet).parameters)[-2:] == ["name", "loud"]


@pytest.mark.parametrize("kind", [Imports, AsyncImports])
def test_help_knows_every_operation(kind: type) -> None:
    assert all(getattr(kind, name).__doc__ for name in ("start", "run", "preview", "get", "each", "suggest"))
