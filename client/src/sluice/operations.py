"""Methods that are written once, as flows, and are called by programs that block and by programs that await.

A class of operations is written without either; beside it stand two classes of two words each, one with `Sync`, one
with `Async`, and the descriptors give each its kind of method, with the same parameters and the same documentation.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from functools import update_wrapper
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, cast, overload

from sluice.pages import Pages
from sluice.session import Session
from sluice.transport import AsyncDriver, Driver, Flow

P = ParamSpec("P")
T = TypeVar("T")


class Sync:
    """What has methods that block."""

    _session: Session

    def _run(self, flow: Flow[T]) -> T:
        return cast(Driver, self._session.driver).run(flow)

    def _each(self, pages: Pages[T]) -> Iterator[T]:
        return pages.each(cast(Driver, self._session.driver))


class Async:
    """What has methods to await."""

    _session: Session

    def _run(self, flow: Flow[T]) -> Coroutine[Any, Any, T]:
        return cast(AsyncDriver, self._session.driver).run(flow)

    def _each(self, pages: Pages[T]) -> AsyncIterator[T]:
        return pages.each_async(cast(AsyncDriver, self._session.driver))


class Operation(Generic[P, T]):
    """A method made of a flow: it returns a T, or, of something `Async`, is awaited for it."""

    def __init__(self, flow: Callable[Concatenate[Any, P], Flow[T]]) -> None:
        self.flow = flow
        self.__doc__ = flow.__doc__

    @overload
    def __get__(self, of: None, owner: Any) -> Operation[P, T]: ...
    @overload
    def __get__(self, of: Sync, owner: Any) -> Callable[P, T]: ...
    @overload
    def __get__(self, of: Async, owner: Any) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, of: Any, owner: Any) -> Any:
        if of is None:
            return self

        def call(*args: P.args, **kwargs: P.kwargs) -> Any:
            return of._run(self.flow(of, *args, **kwargs))

        return update_wrapper(call, self.flow)


class Listing(Generic[P, T]):
    """A method made of pages: it returns an iterator of T, or, of something `Async`, an asynchronous one."""

    def __init__(self, pages: Callable[Concatenate[Any, P], Pages[T]]) -> None:
        self.pages = pages
        self.__doc__ = pages.__doc__

    @overload
    def __get__(self, of: None, owner: Any) -> Listing[P, T]: ...
    @overload
    def __get__(self, of: Sync, owner: Any) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(self, of: Async, owner: Any) -> Callable[P, AsyncIterator[T]]: ...
    def __get__(self, of: Any, owner: Any) -> Any:
        if of is None:
            return self

        def call(*args: P.args, **kwargs: P.kwargs) -> Any:
            return of._each(self.pages(of, *args, **kwargs))

        return update_wrapper(call, self.pages)


def operation(flow: Callable[Concatenate[Any, P], Flow[T]]) -> Operation[P, T]:
    """Makes a method of a flow."""
    return Operation(flow)


def listing(pages: Callable[Concatenate[Any, P], Pages[T]]) -> Listing[P, T]:
    """Makes a method of pages."""
    return Listing(pages)
