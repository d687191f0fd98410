"""All dialects as they describe themselves. Whoever adds a dialect adds its description here: a test compares them with
the routes of the app.
"""

from chalicelib.api.hal.described import DESCRIPTION as TALKDESK
from chalicelib.api.hal.oauth_described import TOKENS as TALKDESK_TOKENS
from chalicelib.api.objects.described import DESCRIPTION as KASAR
from chalicelib.api.phased.described import DESCRIPTION as PACKAGEX
from chalicelib.api.teams.described import DESCRIPTION as CSTAR

DESCRIPTIONS = (PACKAGEX, CSTAR, KASAR, TALKDESK, TALKDESK_TOKENS)
