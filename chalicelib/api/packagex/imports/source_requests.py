"""The body by which the beginning of a source is looked at while the source is on its way. It is ours: PackageX has no
such route.
"""

from typing import Annotated

from pydantic import Field, StrictStr

from chalicelib.api.http.request_model import RequestModel
from chalicelib.api.packagex.imports.data_url import read_data_url

SHORTER = "Send less of the beginning."
"""What to do with more bytes than may come along."""


class PackageXSourceBeginning(RequestModel):
    """`POST /v1/imports/{id}/source`."""

    data: Annotated[StrictStr, Field(pattern="^data:[^,]{0,255};base64,")]
    """The first bytes of the file as a base64 data URL, cut anywhere; or all of them, where `size_bytes` was stated. A
    megabyte mostly is enough."""

    def to_content(self, *, limit_bytes: int) -> bytes:
        """Returns the bytes. Raises Refused `invalid_parameter` and `too_large`."""
        return read_data_url(self.data, limit_bytes=limit_bytes, advice=SHORTER).content
