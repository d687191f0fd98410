"""Suggestions of a column mapping in the PackageX dialect."""
