"""Applies the declaration of a resource to rows: values are parsed, identities found, rows merged into records.

Pure: no I/O, no clock, no environment.
"""
