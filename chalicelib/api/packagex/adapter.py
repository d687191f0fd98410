"""How PackageX is asked and how it answers: a key in a header of its own, one envelope around everything."""

from chalice.app import Request, Response

from chalicelib.api.http.request import find_header, request_path
from chalicelib.api.http.router import Call, DialectAdapter
from chalicelib.api.packagex import errors
from chalicelib.api.packagex.envelope import PackageXAnswer, envelope

KEY_HEADERS = ("PX-API-KEY", "X-API-KEY")


def _find_secret(request: Request) -> str | None:
    return find_header(request, KEY_HEADERS)


def _enveloped(answer: PackageXAnswer, call: Call) -> Response:
    return envelope(
        answer.status,
        answer.message,
        data=answer.data,
        pagination=answer.pagination,
        endpoint=request_path(call.request),
    )


ADAPTER = DialectAdapter(
    find_secret=_find_secret,
    render_answer=_enveloped,
    render_refusal=lambda refusal, request: errors.render_refusal(refusal, endpoint=request_path(request)),
    render_unavailable=lambda request: errors.render_unavailable(endpoint=request_path(request)),
    render_internal_error=lambda request: errors.render_internal_error(endpoint=request_path(request)),
)
