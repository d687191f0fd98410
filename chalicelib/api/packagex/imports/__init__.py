"""Imports and records in the PackageX dialect."""
