"""All dialects as they describe themselves. Whoever adds a dialect adds its description here: a test compares them with
the routes of the app.
"""

from chalicelib.api.objects.described import DESCRIPTION as KASAR
from chalicelib.api.phased.described import DESCRIPTION as PACKAGEX
from chalicelib.api.teams.described import DESCRIPTION as CSTAR

DESCRIPTIONS = (PACKAGEX, CSTAR, KASAR)
