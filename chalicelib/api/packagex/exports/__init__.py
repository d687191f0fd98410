"""Asynchronous exports in the PackageX dialect."""
