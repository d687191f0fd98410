"""Ends the imports and exports whose time is over, every few minutes, so that none waits for ever.

A module of its own: imports and exports do not know each other, so neither reaper can call the other.
"""

from chalicelib.access.context import Context
from chalicelib.exports.reaper import reap_exports
from chalicelib.imports.reaper import reap_imports
from chalicelib.lifecycle.reaper import Reaped


def reap_all(context: Context) -> Reaped:
    """Ends every import and export that is due, and returns how many."""
    return reap_imports(context) + reap_exports(context)
