"""Parsing: rows that mean the same stored record by different identities are duplicates too.

Preparsing could not see them: one row names the record by its e-mail, another by its external id. In come the namings
of one partition of record ids; out go drops by batch, which validation applies.
"""

from chalicelib.imports.phases.preparsing import preparse as parse

__all__ = ["parse"]
