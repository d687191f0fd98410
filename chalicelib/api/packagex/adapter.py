"""How PackageX is asked and how it answers: a key in a header of its own, one envelope around everything."""

from collections.abc import Callable, Mapping
from importlib import import_module

from chalice.app import Blueprint, Request, Response

from chalicelib.access.context import Context
from chalicelib.api.http.register_routes import DialectRoutes, register_routes
from chalicelib.api.http.request import BaseUrl, find_header, request_path
from chalicelib.api.http.response import JsonObject
from chalicelib.api.http.router import Call, DialectAdapter
from chalicelib.api.packagex import errors
from chalicelib.api.packagex.envelope import PackageXAnswer, envelope

KEY_HEADERS = ("PX-API-KEY", "X-API-KEY")


def _find_secret(request: Request) -> str | None:
    return find_header(request, KEY_HEADERS)


def make_adapter(base: BaseUrl) -> DialectAdapter[PackageXAnswer]:
    """Returns how PackageX is asked and how it answers; `base` tells the URL that `Location` begins with."""

    def answer(given: PackageXAnswer, call: Call) -> Response:
        return envelope(
            given.status,
            given.message,
            data=_with_links(given, base(call.request)) if given.links else given.data,
            pagination=given.pagination,
            endpoint=request_path(call.request),
            headers={"Location": base(call.request) + given.location} if given.location else {},
        )

    return DialectAdapter(
        find_secret=_find_secret,
        render_answer=answer,
        render_refusal=lambda refusal, request: errors.render_refusal(refusal, endpoint=request_path(request)),
        render_unavailable=lambda request: errors.render_unavailable(endpoint=request_path(request)),
        render_internal_error=lambda request: errors.render_internal_error(endpoint=request_path(request)),
    )


def _with_links(given: PackageXAnswer, base_url: str) -> JsonObject:
    assert isinstance(given.data, Mapping), "only one object has links"
    return {**given.data, **{name: base_url + path for name, path in given.links.items()}}


def feature_routes(root: str, feature: str, context: Callable[[], Context], base: BaseUrl) -> Blueprint:
    """Returns the routes of a feature below `root` as Chalice takes them, made from `ROUTES` in its folder; the context
    is made with the first request. Every path that begins with `root` and is no route is refused.
    """
    module = import_module(f"chalicelib.api.packagex.{feature}.routes")
    routes = [one for one in module.ROUTES if f"{one.path}/".startswith(f"{root}/")]
    dialect = DialectRoutes(roots=(root,), routes=routes, adapter=make_adapter(base))
    return register_routes(f"{module.__name__}{root}", dialect, context)
