"""All dialects as they describe themselves. Whoever adds a dialect adds its description here: a test compares them with
the routes of the app.
"""

from chalicelib.api.cstar.openapi import DESCRIPTION as CSTAR
from chalicelib.api.kasar.openapi import DESCRIPTION as KASAR
from chalicelib.api.packagex.imports.openapi import DESCRIPTION as PACKAGEX
from chalicelib.api.talkdesk.oauth_openapi import TOKENS as TALKDESK_TOKENS
from chalicelib.api.talkdesk.openapi import DESCRIPTION as TALKDESK

DESCRIPTIONS = (PACKAGEX, CSTAR, KASAR, TALKDESK, TALKDESK_TOKENS)
