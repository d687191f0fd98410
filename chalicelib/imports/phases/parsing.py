"""Parsing: rows that mean the same stored record by different identities are duplicates too.

Preparsing could not see them: one row names the record by its e-mail, another by its external id. In come the keyed
rows of one sub-partition of record ids; out go duplicates by batch, which validation leaves out. The module is this
small because every phase has one of its name.
"""

from chalicelib.imports.phases.preparsing import preparse as parse

__all__ = ["parse"]
