"""Ends the imports and exports whose time is over, every few minutes, so that nothing waits for ever."""

from chalicelib.access.context import Context
from chalicelib.exports.reaper import reap_exports
from chalicelib.imports.reaper import reap_imports
from chalicelib.lifecycle.reaper import Reaped


def reap_all(context: Context) -> Reaped:
    """Ends every import and export that is due, and tells how many."""
    return reap_imports(context) + reap_exports(context)
