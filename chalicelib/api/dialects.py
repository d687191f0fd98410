"""The OpenAPI document of all dialects, made from what each tells of itself.

It is imported only when the document is asked for. A new dialect adds its description here: a test compares the
descriptions with the routes of the app.
"""

from functools import cache
from typing import Any

from chalicelib.api.cstar.openapi import DESCRIPTION as CSTAR
from chalicelib.api.kasar.openapi import DESCRIPTION as KASAR
from chalicelib.api.openapi.document import document
from chalicelib.api.packagex.openapi import DESCRIPTION as PACKAGEX
from chalicelib.api.talkdesk.oauth_openapi import TOKENS as TALKDESK_TOKENS
from chalicelib.api.talkdesk.openapi import DESCRIPTION as TALKDESK

DESCRIPTIONS = (PACKAGEX, CSTAR, KASAR, TALKDESK, TALKDESK_TOKENS)


@cache
def openapi_document() -> dict[str, Any]:
    """Returns the document without its `servers`; it is made once per process."""
    return document(DESCRIPTIONS)
