"""Imports in the PackageX dialect."""
