"""Imports, task results and keys in the control table, records in the records table.

Two tables, so that a load of records never slows a status or a key down. `client` and `transport` are the thin client
of the hot paths; `layout` says how a record lies in its table, `writing` in which order it gets there.
"""
