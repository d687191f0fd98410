"""PackageX for the OpenAPI document: the sum of what its features tell of themselves, each in its own folder.

Each folder that `api/features.py` lists has a `FEATURE` in its `openapi` module; nothing here changes for a new one.
"""

from importlib import import_module

from chalicelib.api.features import PACKAGEX_FEATURES
from chalicelib.api.http.request import base_url
from chalicelib.api.openapi.operation import DialectDescription, Security
from chalicelib.api.packagex.adapter import make_adapter
from chalicelib.api.packagex.schemas import PackageXRefusal

TEXT = """
Imports of any size: create one, send the file to the signed URL, watch its seven phases, fetch the rejected rows.
Every answer, success or not, has the same envelope. A tenant's records can be looked at under `/v1/records`.
"""

_FEATURES = dict.fromkeys(PACKAGEX_FEATURES.values())

DESCRIPTION = DialectDescription(
    name="PackageX",
    text=TEXT,
    adapter=make_adapter(base_url),
    features=tuple(import_module(f"{__package__}.{name}.openapi").FEATURE for name in _FEATURES),
    security=Security(
        name="packagex",
        scheme={
            "type": "apiKey",
            "in": "header",
            "name": "PX-API-KEY",
            "description": "A key that begins with `px_`. The header may also be called `X-API-KEY`.",
        },
    ),
    refusal=PackageXRefusal,
)
