"""PackageX for the OpenAPI document: the sum of what its features tell of themselves, each in its own folder.

A new feature folder adds its `FEATURE` to the list below; a new route of a feature changes nothing here. Every dialect
has a module of this name, which is imported for the document alone.
"""

from chalicelib.api.openapi.operation import DialectDescription, Security
from chalicelib.api.packagex.adapter import ADAPTER
from chalicelib.api.packagex.exports.openapi import FEATURE as EXPORTS
from chalicelib.api.packagex.imports.openapi import FEATURE as IMPORTS
from chalicelib.api.packagex.records.openapi import FEATURE as RECORDS
from chalicelib.api.packagex.schedules.openapi import FEATURE as SCHEDULES
from chalicelib.api.packagex.schemas import PackageXRefusal
from chalicelib.api.packagex.webhooks.openapi import FEATURE as WEBHOOKS

TEXT = """
Imports of any size: create one, send the file to the signed URL, watch its seven phases, fetch the rejected rows.
Every answer, success or not, has the same envelope. A tenant's records can be looked at under `/v1/records`.
"""

DESCRIPTION = DialectDescription(
    name="PackageX",
    text=TEXT,
    adapter=ADAPTER,
    features=(IMPORTS, RECORDS, EXPORTS, SCHEDULES, WEBHOOKS),
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
